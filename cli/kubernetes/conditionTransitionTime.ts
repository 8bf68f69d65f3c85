interface TimedCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: Date;
}

interface TimedConditions {
  readonly status?: { conditions?: TimedCondition[] };
}

/** When the last of the objects came to hold the condition; undefined where one does not. */
export function conditionTransitionTime(objects: readonly TimedConditions[], type: string): Date | undefined {
  const times = objects.map(
    ({ status }) => status?.conditions?.find((one) => one.type === type && one.status === "True")?.lastTransitionTime,
  );
  if (times.length === 0 || times.some((time) => time === undefined)) return undefined;
  return new Date(Math.max(...times.map((time) => time?.getTime() ?? 0)));
}
