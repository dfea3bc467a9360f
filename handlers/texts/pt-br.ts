import type { Totals } from "../order";
import type { Facts, Texts } from "./texts";

export function brazilianPortuguese({ orderId, totals, reason }: Facts): Texts {
  return {
    // Worded so that none needs an accent.
    subject: {
      COMPLETED: `Seu pedido ${orderId} foi finalizado`,
      REJECTED: `Seu pedido ${orderId} foi recusado`,
      FAILED: `Tivemos um problema com o seu pedido ${orderId}`,
      CANCELLED: `Seu pedido ${orderId} foi cancelado`,
    },
    sentence: {
      COMPLETED: `Agradecemos a sua compra! Seu pedido ${orderId} foi finalizado${totalsPhrase(totals)}.`,
      REJECTED: `Sentimos muito, mas o seu pedido ${orderId} foi recusado. Motivo: ${reason}`,
      FAILED: `Sentimos muito, mas não foi possível processar o seu pedido ${orderId}. Já estamos verificando o que aconteceu.`,
      CANCELLED: `Seu pedido ${orderId} foi cancelado, conforme solicitado.`,
    },
    sms: withoutAccents,
  };
}

function totalsPhrase(totals: Totals | undefined): string {
  if (!totals) return "";
  const units = `${decimal(totals.units)} ${totals.units === 1 ? "unidade" : "unidades"}`;
  if (totals.amount === undefined) return `: ${units}`;
  return `: ${units}, no valor total de ${decimal(totals.amount, 2)}`;
}

/** As Intl writes it for pt-BR; but a Node.js without that locale's data would write English unnoticed. */
function decimal(value: number, minimumFractionDigits = 0): string {
  const english = new Intl.NumberFormat("en", { minimumFractionDigits, maximumFractionDigits: 20 });
  return english.format(value).replace(/[.,]/g, (sign) => (sign === "." ? "," : "."));
}

/**
 * One ã or ç, which GSM 03.38 lacks, makes parts of 70 characters out of parts of 160. Text messages without
 * accents are usual in Brazil.
 */
function withoutAccents(sentence: string): string {
  return sentence
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC");
}
