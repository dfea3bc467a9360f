import { spreadOf } from "../../../bench/functions/spread";

it("a spread has the middle of the values, the least and the greatest", () => {
  expect(spreadOf([10, 9, 2])).toEqual({ median: 9, min: 2, max: 10 });
  expect(spreadOf([4, 1])).toEqual({ median: 2.5, min: 1, max: 4 });
});
