import type { Options } from "./life/options";

export interface Run {
  name: string;
  options: Partial<Options>;
  /** The violation that must be found first; without one, everything must hold. */
  finds?: string;
}
