import type { Predictions } from '../scenario-data';
import type { RandomStream } from '../time/random';
import { normal } from './samplers';

/** What both versions would say to one request. */
export interface Answers {
  readonly champion: string;
  /** Empty where it says nothing that can be read. */
  readonly challenger: string;
}

/**
 * Draws what both versions say to a request. The champion's scores are denser in the middle than at the ends, its labels
 * all as frequent; the challenger says the same but for what the scenario says.
 */
// source: model-answers
export function drawAnswers(random: RandomStream, predictions: Predictions): Answers {
  const { labels, disagreementRate, unreadableRate } = predictions;
  const disagrees = random() < disagreementRate;
  const said = labels.length > 0 ? drawLabels(random, labels, disagrees) : drawScores(random, predictions, disagrees);
  return random() < unreadableRate ? { ...said, challenger: '' } : said;
}

function drawLabels(random: RandomStream, labels: readonly string[], disagrees: boolean): Answers {
  const one = Math.floor(random() * labels.length);
  // Any of the others, each as often.
  const other = (one + 1 + Math.floor(random() * (labels.length - 1))) % labels.length;
  return { champion: labels[one], challenger: labels[disagrees ? other : one] };
}

function drawScores(random: RandomStream, { shift, noise }: Predictions, disagrees: boolean): Answers {
  const score = (random() + random()) / 2;
  // Half the scale away, on the side where there is room for it.
  const told = disagrees ? (score + 0.5) % 1 : score;
  const off = noise > 0 ? noise * normal(random) : 0;
  return { champion: written(score), challenger: written(told + shift + off) };
}

const written = (score: number): string => score.toFixed(6);
