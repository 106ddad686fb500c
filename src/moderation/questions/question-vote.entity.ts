import { Entity, Index, PrimaryColumn } from 'typeorm';

/** That somebody wants to have a question answered, too: one row each. */
@Entity('question_votes')
@Index('question_votes_person', ['userId'])
export class QuestionVote {
  @PrimaryColumn('varchar', { length: 36 })
  questionId: string;

  @PrimaryColumn('varchar', { length: 36 })
  userId: string;
}
