import type { Totals } from "../order";
import type { Facts, Texts } from "./texts";

export function english({ orderId, totals, reason }: Facts): Texts {
  return {
    subject: {
      COMPLETED: `Order ${orderId} is completed`,
      REJECTED: `Order ${orderId} was rejected`,
      FAILED: `Order ${orderId} could not be processed`,
      CANCELLED: `Order ${orderId} is cancelled`,
    },
    sentence: {
      COMPLETED: `Thank you! Your order ${orderId} is completed${totalsPhrase(totals)}.`,
      REJECTED: `We are sorry: your order ${orderId} was rejected: ${reason}`,
      FAILED: `We are sorry: your order ${orderId} could not be processed. We are looking into it.`,
      CANCELLED: `Your order ${orderId} is cancelled, as you asked.`,
    },
    sms: (sentence) => sentence,
  };
}

function totalsPhrase(totals: Totals | undefined): string {
  if (!totals) return "";
  const units = `${totals.units} ${totals.units === 1 ? "unit" : "units"}`;
  return totals.amount === undefined ? `: ${units}` : `: ${units}, ${totals.amount} in total`;
}
