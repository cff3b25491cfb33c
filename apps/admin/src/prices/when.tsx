import { Moment, useFormat } from '@cloudfreedom/ui';

/** A moment of the past as people say it, one to come with its date. */
export function When({ at }: { at: string }) {
  const format = useFormat();
  if (Date.parse(at) <= Date.now()) return <Moment at={at} />;
  return <time dateTime={at}>{format.dateTime(at)}</time>;
}
