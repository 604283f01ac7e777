import { parsePath } from '../../decision/json-path';
import { Problems } from '../private/problems';

/** Where the prediction stands in a model's answer. */
export interface PredictionFieldProps {
  /**
   * Column of a CSV answer, counted from 0.
   *
   * @default 0
   */
  readonly column?: number;
  /**
   * Where it stands in a JSON answer: a path to one value, or to a list with one prediction for each row of a batch.
   *
   * @default - the whole answer
   */
  readonly path?: string;
}

/** Where a score stands in a model's answer, and when two scores agree. */
export interface ScoreFieldProps extends PredictionFieldProps {
  /** Largest difference, in the unit of the score, at which two scores still agree. */
  readonly tolerance: number;
}

/** Which part of an answer is compared between champion and shadow, and when two of them agree. */
export class PredictionField {
  /** A score, such as a probability or a price: two agree when they differ by at most the tolerance. */
  public static score(props: ScoreFieldProps): PredictionField {
    const problems = new Problems('PredictionField.score');
    problems.require(
      Number.isFinite(props.tolerance) && props.tolerance >= 0,
      'PredictionTolerance',
      () => `tolerance must be a number of at least 0, got ${props.tolerance}`,
    );
    return new PredictionField('number', props.tolerance, props, problems);
  }

  /** A class, such as `spam`: two agree when they are the same text. */
  public static label(props: PredictionFieldProps = {}): PredictionField {
    return new PredictionField('label', 0, props, new Problems('PredictionField.label'));
  }

  /** Numbers agree when they differ by at most 0.05, which suits probabilities; everything else when it is the same. */
  public static auto(props: PredictionFieldProps = {}): PredictionField {
    return new PredictionField('auto', 0.05, props, new Problems('PredictionField.auto'));
  }

  private readonly column: number;
  private readonly path: string;

  private constructor(
    private readonly type: 'auto' | 'number' | 'label',
    private readonly tolerance: number,
    props: PredictionFieldProps,
    problems: Problems,
  ) {
    this.column = props.column ?? 0;
    this.path = props.path ?? '$';
    problems.require(
      Number.isInteger(this.column) && this.column >= 0,
      'PredictionColumn',
      () => `column must be a whole number of at least 0, got ${this.column}`,
    );
    problems.require(
      parsePath(this.path) !== null,
      'PredictionPath',
      () => `path must name one place, such as $.predictions[0].score, got '${this.path}'`,
    );
    problems.throwIfAny();
  }

  /**
   * As plain JSON.
   *
   * @internal
   */
  public _render(): { [name: string]: unknown } {
    return { type: this.type, column: this.column, path: this.path, tolerance: this.tolerance };
  }
}
