/**
 * What is asked in a room, as the frames say it. Pure.
 *
 * @import { ServerFrame } from '../../src/protocol/frames.js'
 * @import { QuestionView } from '../../src/protocol/views.js'
 */

/**
 * The questions after a frame. What concerns this reader alone, that they voted or asked, no frame says.
 * @param {readonly QuestionView[]} questions
 * @param {ServerFrame} frame
 * @returns {QuestionView[]}
 */
export function changedQuestions(questions, { event, data }) {
  switch (event) {
    case 'question.asked': {
      const before = questions.find(({ id }) => id === data.id);
      const { own, voted, hidden } = before ?? {};
      const now = { ...data, ...(own && { own }), ...(voted && { voted }), ...(hidden && { hidden }) };
      return before ? questions.map((one) => (one === before ? now : one)) : [...questions, now];
    }
    case 'question.removed':
      return questions.filter(({ id }) => id !== data.id);
    case 'question.votes':
      return questions.map((one) => ({ ...one, votes: data.votes[one.id] ?? one.votes }));
    default:
      return [...questions];
  }
}

/** What most want answered first; then what was answered. @param {readonly QuestionView[]} questions */
export function inOrder(questions) {
  /** @param {QuestionView} question */
  const rank = ({ status }) => (status === 'answered' ? 1 : 0);
  return [...questions].sort(
    (a, b) => rank(a) - rank(b) || b.votes - a.votes || a.at.localeCompare(b.at) || a.id.localeCompare(b.id),
  );
}
