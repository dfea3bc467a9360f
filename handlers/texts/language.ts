import { english } from "./en";
import { brazilianPortuguese } from "./pt-br";
import type { Facts, Texts } from "./texts";

/** As the config and process-order's environment name them. */
export const LANGUAGES = ["en", "pt-BR"] as const;
export type Language = (typeof LANGUAGES)[number];

export function textsIn(language: Language, facts: Facts): Texts {
  switch (language) {
    case "en":
      return english(facts);
    case "pt-BR":
      return brazilianPortuguese(facts);
  }
}

export function isLanguage(name: string): name is Language {
  return LANGUAGES.some((language) => language === name);
}
