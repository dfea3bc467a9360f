import { answered, type Answers, refused } from "../aws-answer";

/** A schedule as it is registered, in Scheduler's words. */
export interface ScheduleDescription {
  Name: string;
  GroupName: string;
  Arn: string;
  State: "ENABLED" | "DISABLED";
  ScheduleExpression: string;
  Target: { Arn: string; RoleArn: string };
}

/** By `<group>/<name>`. */
export type Schedules = Map<string, ScheduleDescription>;

/** Calls to EventBridge Scheduler. */
export function schedulerAnswers(schedules: Schedules): Answers["scheduler"] {
  return {
    GetSchedule({ resource }) {
      const schedule = schedules.get(resource);
      if (schedule) return answered(schedule);
      const name = resource.slice(resource.indexOf("/") + 1);
      return refused("ResourceNotFoundException", `Schedule ${name} does not exist.`, 404);
    },
  };
}
