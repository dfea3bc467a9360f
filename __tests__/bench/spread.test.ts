import { percentile, spreadOf } from "../../bench/spread";

it("a spread has the middle of the readings, the least and the greatest", () => {
  expect(spreadOf([10, 9, 2])).toEqual({ median: 9, min: 2, max: 10 });
  expect(spreadOf([4, 1])).toEqual({ median: 2.5, min: 1, max: 4 });
});

it("a percentile is one of the readings", () => {
  const readings = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect([0, 50, 99, 100].map((percent) => percentile(readings, percent))).toEqual([
    1, 100, 198, 200,
  ]);
  expect(percentile([7], 99)).toBe(7);
});
