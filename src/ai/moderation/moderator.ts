/** `unchecked`: it could not be checked, and what cannot be checked is not let through. */
export type Judgement = 'allow' | 'block' | 'unchecked';

/** Something that looks at a text and says whether it may be shown. */
export interface Moderator {
  /** Rejects when it cannot say; ends when the signal does. */
  allows(text: string, signal: AbortSignal): Promise<boolean>;
}
