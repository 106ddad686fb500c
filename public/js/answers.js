/**
 * The AI's answers while they are being written, as a pure fold of the frames about them. An answer lives here until the
 * log holds it; nothing in this file touches the page, the network or the clock.
 *
 * @import { AiStatus, ErrorData, ServerFrame } from '../../src/protocol/frames.js'
 * @import { ErrorCode } from '../../src/protocol/error-codes.js'
 */

/** @typedef {Extract<ServerFrame, { event: `ai.${string}` }>} AiFrame */

/**
 * An answer that is being written, or has ended and is not in the log yet. One that goes on with a message has that
 * message's id, and its text begins with that message's.
 * @typedef {object} Answer
 * @property {'answer'} type
 * @property {string} id of the message it becomes
 * @property {number | null} replyTo the seq of the question
 * @property {number} n the last delta in `text`
 * @property {string} text
 * @property {number} place in the line; 0: it is being written
 * @property {number} omitted so many earlier messages had no place in what the model was sent
 * @property {boolean} asked a delta was missed, and the whole text has been asked for
 * @property {boolean} stale shown on a connection that is gone: unless the server speaks of it again, it has ended
 * @property {number | null} seq the entry it has become
 */

/**
 * Why a question has no answer.
 * @typedef {object} Outcome
 * @property {AiStatus | 'refused'} status
 * @property {ErrorCode | null} code
 * @property {string} message the server's own sentence; empty when only the code is known
 */

/**
 * @typedef {object} AnswersState
 * @property {ReadonlyMap<string, Answer>} running by id, in the order in which they began
 * @property {ReadonlyMap<number, Outcome>} outcomes by the seq of the question
 */

/** Questions whose outcome is remembered. */
const OUTCOMES = 100;

/** @returns {AnswersState} */
export function noAnswers() {
  return { running: new Map(), outcomes: new Map() };
}

/**
 * Applies one frame. The given state is left as it is; frames that say nothing about answers give it back unchanged.
 * @param {AnswersState} state
 * @param {ServerFrame} frame
 * @param {number | null} next the seq that the log applies next, this frame included
 * @returns {{ state: AnswersState, sync: string[] }} `sync`: answers whose whole text is to be asked for
 */
export function reduceAnswers(state, frame, next) {
  /** @type {string[]} */
  const sync = [];
  let changed = state;
  const frames = frame.event === 'batch' ? frame.data.events : [frame];
  for (const one of frames) {
    changed = apply(changed, one, sync);
  }
  return { state: settle(changed, next), sync };
}

/** @param {AnswersState} state @param {ServerFrame} frame @param {string[]} sync @returns {AnswersState} */
function apply(state, frame, sync) {
  switch (frame.event) {
    case 'welcome':
      return { ...state, running: mapped(state.running, (answer) => ({ ...answer, stale: true })) };
    case 'live':
      // Those that are still being written are told of right after this.
      return { ...state, running: kept(state.running, ({ stale }) => !stale) };
    case 'ai.queued': {
      const { id, replyTo, place } = frame.data;
      return withAnswer(forgetOutcome(state, replyTo), { ...begun(id), replyTo, place });
    }
    case 'ai.started': {
      const { id, replyTo, omitted = 0 } = frame.data;
      return withAnswer(forgetOutcome(state, replyTo), { ...begun(id), replyTo, omitted });
    }
    case 'ai.delta':
      return grown(state, frame.data, sync);
    case 'ai.snapshot':
      return snapshot(state, frame.data);
    case 'ai.ended':
      return ended(state, frame.data);
    case 'error':
      return frame.data.replyTo === undefined
        ? state
        : withOutcome(state, frame.data.replyTo, refusal(frame.data));
    default:
      return state;
  }
}

/** @param {string} id @returns {Answer} */
function begun(id) {
  return {
    type: 'answer',
    id,
    replyTo: null,
    n: 0,
    text: '',
    omitted: 0,
    place: 0,
    asked: false,
    stale: false,
    seq: null,
  };
}

/**
 * The next delta is appended, an earlier one dropped, and after a hole the whole is asked for, once.
 * @param {AnswersState} state
 * @param {Extract<AiFrame, { event: 'ai.delta' }>['data']} delta
 * @param {string[]} sync
 */
function grown(state, { id, n, text }, sync) {
  const answer = state.running.get(id) ?? begun(id);
  if (n === answer.n + 1) {
    return withAnswer(state, { ...answer, n, text: answer.text + text });
  }
  if (n <= answer.n || answer.asked) {
    return state;
  }
  sync.push(id);
  return withAnswer(state, { ...answer, asked: true });
}

/** @param {AnswersState} state @param {Extract<AiFrame, { event: 'ai.snapshot' }>['data']} data */
function snapshot(state, { id, n, text, status, replyTo }) {
  const known = state.running.get(id) ?? begun(id);
  if (status !== 'running') {
    return without(state, id);
  }
  // What came after the snapshot was taken is more than it says, unless the connection is another.
  const isNews = known.stale || n >= known.n;
  return withAnswer(state, {
    ...known,
    replyTo: replyTo ?? known.replyTo,
    asked: false,
    stale: false,
    place: 0,
    ...(isNews && { n, text }),
  });
}

/** @param {AnswersState} state @param {Extract<AiFrame, { event: 'ai.ended' }>['data']} data */
function ended(state, { id, status, code, seq }) {
  const answer = state.running.get(id);
  if (seq !== undefined) {
    // It stays until the log has come to that entry.
    return answer ? withAnswer(state, { ...answer, seq }) : state;
  }
  const gone = without(state, id);
  const replyTo = answer?.replyTo ?? null;
  // Stopped without an entry: the question itself is gone.
  return replyTo === null || status === 'stopped'
    ? gone
    : withOutcome(gone, replyTo, { status, code: code ?? null, message: '' });
}

/** @param {ErrorData} error @returns {Outcome} */
function refusal({ code, message }) {
  return { status: 'refused', code, message };
}

/** What the log holds needs no place here. @param {AnswersState} state @param {number | null} next @returns {AnswersState} */
function settle(state, next) {
  /** @param {Answer} answer */
  const isIn = ({ seq }) => seq !== null && seq < (next ?? 0);
  return [...state.running.values()].some(isIn)
    ? { ...state, running: kept(state.running, (answer) => !isIn(answer)) }
    : state;
}

/** @param {AnswersState} state @param {Answer} answer @returns {AnswersState} */
function withAnswer(state, answer) {
  return { ...state, running: new Map(state.running).set(answer.id, answer) };
}

/** @param {AnswersState} state @param {string} id @returns {AnswersState} */
function without(state, id) {
  return { ...state, running: kept(state.running, (answer) => answer.id !== id) };
}

/** @param {AnswersState} state @param {number} seq @param {Outcome} outcome @returns {AnswersState} */
function withOutcome(state, seq, outcome) {
  const outcomes = new Map(state.outcomes).set(seq, outcome);
  if (outcomes.size > OUTCOMES) {
    outcomes.delete(Math.min(...outcomes.keys()));
  }
  return { ...state, outcomes };
}

/** @param {AnswersState} state @param {number} seq @returns {AnswersState} */
function forgetOutcome(state, seq) {
  const outcomes = new Map(state.outcomes);
  return outcomes.delete(seq) ? { ...state, outcomes } : state;
}

/** @param {ReadonlyMap<string, Answer>} answers @param {(answer: Answer) => Answer} change */
function mapped(answers, change) {
  return new Map([...answers].map(([id, answer]) => [id, change(answer)]));
}

/** @param {ReadonlyMap<string, Answer>} answers @param {(answer: Answer) => boolean} keeps */
function kept(answers, keeps) {
  return new Map([...answers].filter(([, answer]) => keeps(answer)));
}
