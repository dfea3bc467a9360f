import { UNDO_FAILURE } from "../../handlers/life";
import { customerTexts, notificationOf } from "../../handlers/notification";
import { END_STATUSES, type EndStatus, type Order } from "../../handlers/order";
import { isLanguage, type Language, LANGUAGES, textsIn } from "../../handlers/texts/language";
import { anOrder, completedOrder, ORDER_ID } from "../support/orders";

const ORDERS: Record<EndStatus, Order> = {
  COMPLETED: completedOrder(),
  REJECTED: anOrder({ status: "REJECTED", reason: "R-1" }),
  FAILED: anOrder({ status: "FAILED", reason: "R-2" }),
  CANCELLED: anOrder({ status: "CANCELLED" }),
};

const SUBJECTS: Record<Language, Record<EndStatus, string>> = {
  en: {
    COMPLETED: `Order ${ORDER_ID} is completed`,
    REJECTED: `Order ${ORDER_ID} was rejected`,
    FAILED: `Order ${ORDER_ID} could not be processed`,
    CANCELLED: `Order ${ORDER_ID} is cancelled`,
  },
  "pt-BR": {
    COMPLETED: `Seu pedido ${ORDER_ID} foi finalizado`,
    REJECTED: `Seu pedido ${ORDER_ID} foi recusado`,
    FAILED: `Tivemos um problema com o seu pedido ${ORDER_ID}`,
    CANCELLED: `Seu pedido ${ORDER_ID} foi cancelado`,
  },
};

const SENTENCES: Record<Language, Record<EndStatus, string>> = {
  en: {
    COMPLETED: `Thank you! Your order ${ORDER_ID} is completed: 3 units, 0.3 in total.`,
    REJECTED: `We are sorry: your order ${ORDER_ID} was rejected: R-1`,
    FAILED: `We are sorry: your order ${ORDER_ID} could not be processed. We are looking into it.`,
    CANCELLED: `Your order ${ORDER_ID} is cancelled, as you asked.`,
  },
  "pt-BR": {
    COMPLETED: `Agradecemos a sua compra! Seu pedido ${ORDER_ID} foi finalizado: 3 unidades, no valor total de 0,30.`,
    REJECTED: `Sentimos muito, mas o seu pedido ${ORDER_ID} foi recusado. Motivo: R-1`,
    FAILED: `Sentimos muito, mas não foi possível processar o seu pedido ${ORDER_ID}. Já estamos verificando o que aconteceu.`,
    CANCELLED: `Seu pedido ${ORDER_ID} foi cancelado, conforme solicitado.`,
  },
};

const EACH = LANGUAGES.flatMap((language) => END_STATUSES.map((end) => ({ language, end })));

function textsOf(order: Order, language: Language) {
  return customerTexts(notificationOf(order, 0), language);
}

describe("what customers read", () => {
  it.each(EACH)("has an end as $end in $language", ({ language, end }) => {
    const { subject, email } = textsOf(ORDERS[end], language);
    expect(subject).toBe(SUBJECTS[language][end]);
    expect(email).toBe(SENTENCES[language][end]);
  });

  it.each(EACH)("has a subject that SNS takes for $end in $language", ({ language, end }) => {
    expect(textsOf(ORDERS[end], language).subject).toMatch(/^[A-Za-z0-9][\x20-\x7e]{0,98}$/);
  });

  it("has no word of one language in the other", () => {
    const [english, portuguese] = LANGUAGES.map((language) => {
      const texts = END_STATUSES.map((end) => Object.values(textsOf(ORDERS[end], language)));
      const words = texts.flat().join(" ").replaceAll(ORDER_ID, "").toLowerCase();
      return new Set(words.replace(/r-1/g, "").match(/\p{L}+/gu));
    });
    expect([...(english ?? [])].filter((word) => portuguese?.has(word))).toEqual(["total"]);
  });

  it.each(LANGUAGES)(
    "has the step's reason in %s, and not what operators must know",
    (language) => {
      const reason = `R-1 ${UNDO_FAILURE}`;
      const undoFailed = anOrder({ status: "REJECTED", reason, undoFailed: true });
      expect(textsOf(undoFailed, language)).toEqual(textsOf(ORDERS.REJECTED, language));
      expect(notificationOf(undoFailed, 0).reason).toBe(reason);
    },
  );

  it("is in languages that the config can name", () => {
    expect(LANGUAGES.every(isLanguage)).toBe(true);
    expect(["", "EN", "pt", "pt-br", "fr"].filter(isLanguage)).toEqual([]);
  });
});

describe("totals", () => {
  function phrase(language: Language, totals: Order["totals"]): string {
    const { sentence } = textsIn(language, { orderId: "o", totals, reason: "" });
    return sentence.COMPLETED.replace(/^.* o \w+ \w+/, "");
  }

  it.each([
    [{ units: 1 }, ": 1 unit.", ": 1 unidade."],
    [{ units: 0 }, ": 0 units.", ": 0 unidades."],
    [
      { units: 1, amount: 24.8 },
      ": 1 unit, 24.8 in total.",
      ": 1 unidade, no valor total de 24,80.",
    ],
    [
      { units: 1200, amount: 1234567.891 },
      ": 1200 units, 1234567.891 in total.",
      ": 1.200 unidades, no valor total de 1.234.567,891.",
    ],
    [
      { units: 2, amount: 0.0000001 },
      ": 2 units, 1e-7 in total.",
      ": 2 unidades, no valor total de 0,0000001.",
    ],
    [undefined, ".", "."],
  ])("%j are written as people write them", (totals, english, portuguese) => {
    expect(phrase("en", totals)).toBe(english);
    expect(phrase("pt-BR", totals)).toBe(portuguese);
  });
});

describe("a text message", () => {
  it.each(END_STATUSES)("is the same sentence in English: %s", (end) => {
    const { email, sms } = textsOf(ORDERS[end], "en");
    expect(sms).toBe(email);
  });

  const large = completedOrder({ totals: { units: 100_000, amount: 99_999_999.99 } });
  it.each(Object.values({ ...ORDERS, COMPLETED: large }))(
    "is one part of GSM 03.38's alphabet in Portuguese: $status",
    (order) => {
      expect(textsOf(order, "pt-BR").sms).toMatch(/^[A-Za-z0-9 .,:!-]{1,160}$/);
    },
  );

  it("has a Portuguese reason without accents, and other scripts as they are", () => {
    const reason = "cartão não autorizado: verifique a validade às 15h, 한국어 हिन्दी";
    const { email, sms } = textsOf({ ...ORDERS.REJECTED, reason }, "pt-BR");
    expect(email).toContain(`Motivo: ${reason}`);
    expect(sms).toContain(
      "Motivo: cartao nao autorizado: verifique a validade as 15h, 한국어 हिन्दी",
    );
  });
});
