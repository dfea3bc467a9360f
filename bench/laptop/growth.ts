import { startLaptopProcess } from "./laptop-process";
import { totalOf, usageOf } from "./processes";
import { CONNECTIONS, load } from "./round";
import { STACK } from "./stack-file";

export interface GrowthResult {
  /** After a tenth of the orders, and after all of them. */
  readings: { orders: number; rss: number; pss: number; rssOfLaptop: number; endToEnd: number }[];
}

const TENTHS = 10;

/** Memory (megabytes) as orders come in, none of which the laptop's table forgets. */
export async function measureGrowth(
  directory: string,
  orders: number,
  progress: (line: string) => void,
): Promise<GrowthResult> {
  const laptop = await startLaptopProcess(directory, ["--stack", STACK]);
  const readings: GrowthResult["readings"] = [];
  try {
    for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
      const { endToEnd } = await load(laptop, CONNECTIONS, Math.ceil(orders / TENTHS));
      const usage = usageOf(laptop.pid);
      const { rss, pss } = totalOf(usage);
      const rssOfLaptop = usage["laptop"]?.rss ?? 0;
      readings.push({
        orders: Math.ceil((orders * tenth) / TENTHS),
        rss,
        pss,
        rssOfLaptop,
        endToEnd,
      });
      progress(`${(orders * tenth) / TENTHS} of ${orders} orders, RSS ${rss.toFixed(0)} MB`);
    }
  } finally {
    await laptop.stop();
  }
  return { readings };
}

export function growthReport({ readings }: GrowthResult): string {
  return [
    "| orders | RSS of all processes, MB | PSS of all, MB | RSS of the laptop's own, MB | end to end, orders/s |",
    "| ---: | ---: | ---: | ---: | ---: |",
    ...readings.map(
      ({ orders, rss, pss, rssOfLaptop, endToEnd }) =>
        `| ${orders} | ${rss.toFixed(0)} | ${pss.toFixed(0)} | ${rssOfLaptop.toFixed(0)} | ${endToEnd.toFixed(1)} |`,
    ),
  ].join("\n");
}
