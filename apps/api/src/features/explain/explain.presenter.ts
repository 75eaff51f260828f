import { fillSentence } from '@preau/contracts/error-codes';
import { EXPLANATIONS, type Explanation } from '@preau/contracts/explain';
import type { Language } from '@preau/contracts/vocabulary';
import type { Explained } from './explain.service.ts';

export const presentExplanation = ({ steps, ...rest }: Explained, language: Language): Explanation => ({
  ...rest,
  steps: steps.map(({ rule, verdict, code, facts }) => ({
    rule,
    verdict,
    code,
    facts,
    message: fillSentence(EXPLANATIONS[code][language], facts),
  })),
});
