import type { AuthorView, ReportedView } from '../../protocol/views.js';
import type { Report } from './report.entity.js';

/** So many of what is said about one message are shown. */
const SHOWN = 10;

/** A message and what was reported about it, for staff. The reports are of that message alone, the oldest first. */
export function presentReported(
  reports: readonly [Report, ...Report[]],
  author: AuthorView | null,
  saidAt: number,
): ReportedView {
  const [first] = reports;
  const newest = reports.at(-1) ?? first;
  return {
    target: first.target,
    message: { author, text: newest.text ?? '', at: new Date(saidAt).toISOString() },
    count: reports.length,
    reports: reports
      .slice(-SHOWN)
      .toReversed()
      .map(({ byId, byName, reason, words, score, at }) => ({
        by: { id: byId, nickname: byName },
        reason,
        ...(words !== null && { words }),
        ...(score !== null && { score }),
        at: new Date(at).toISOString(),
      })),
    at: new Date(first.at).toISOString(),
  };
}

/** The reports by message, in the order in which the messages were first reported. */
export function byMessage(reports: readonly Report[]): [Report, ...Report[]][] {
  const groups = new Map<number, [Report, ...Report[]]>();
  for (const report of reports) {
    const group = groups.get(report.target);
    if (group) {
      group.push(report);
    } else {
      groups.set(report.target, [report]);
    }
  }
  return [...groups.values()];
}
