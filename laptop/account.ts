/** The one account and region that the laptop stands in for. */
export interface Account {
  accountId: string;
  region: string;
}

export function arn({ region, accountId }: Account, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

/** The last part of a queue's, topic's or function's ARN: its name. */
export function nameInArn(resourceArn: string): string {
  return resourceArn.slice(resourceArn.lastIndexOf(":") + 1);
}
