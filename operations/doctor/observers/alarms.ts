import { type CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import type { AlarmSeen } from "../observations";

export async function seeAlarms(client: CloudWatchClient, prefix: string): Promise<AlarmSeen[]> {
  const alarms: AlarmSeen[] = [];
  const query = { AlarmNamePrefix: prefix };
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
    for (const {
      AlarmName = "",
      AlarmDescription = "",
      StateValue = "",
      ...times
    } of MetricAlarms) {
      const since = times.StateTransitionedTimestamp ?? times.StateUpdatedTimestamp ?? new Date();
      alarms.push({
        name: AlarmName,
        description: AlarmDescription,
        state: StateValue,
        since: since.getTime(),
      });
    }
  }
  return alarms;
}
