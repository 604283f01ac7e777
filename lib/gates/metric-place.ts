/** Where one metric stands in a report of your own. Paths are `$.name`, `$['any name']`, `$.list[?(@.name=='x')]`. */
export interface MetricPlaceProps {
  /** What verdicts call it: `accuracy`, `rmse`. */
  readonly name: string;
  /** Path to its value. `{slice}` stands for the name of each slice. */
  readonly value: string;
  /**
   * Path to its standard error.
   *
   * @default - the report does not say
   */
  readonly standardError?: string;
  /**
   * Path to the number of examples, where the metric is a share of them, such as accuracy.
   *
   * @default - the report does not say, or the metric is no share
   */
  readonly trials?: string;
}

/** Where a metric stands in the reports of the usual tools. */
export class MetricPlace {
  /** Anywhere in a report of your own. */
  public static atPath(props: MetricPlaceProps): MetricPlace {
    return new MetricPlace(props);
  }

  /**
   * A report of model quality: Model Monitor's `statistics.json`, and `evaluation.json` as SageMaker Pipelines write it.
   *
   * @param problem `binary_classification`, `multiclass_classification` or `regression`
   * @param metric such as `auc`, `accuracy` or `rmse`
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html
   */
  public static modelQuality(problem: string, metric: string): MetricPlace {
    const at = `$.${problem}_metrics['${metric}']`;
    return new MetricPlace({ name: metric, value: `${at}.value`, standardError: `${at}.standard_deviation` });
  }

  /** The same report without standard deviations, as many pipelines write it. Compare it with `ignoreUncertainty`. */
  public static pipelineEvaluation(problem: string, metric: string): MetricPlace {
    return new MetricPlace({ name: metric, value: `$.${problem}_metrics['${metric}'].value` });
  }

  /** The accuracy in scikit-learn's `classification_report(output_dict=True)`. */
  public static sklearnAccuracy(): MetricPlace {
    return new MetricPlace({ name: 'accuracy', value: '$.accuracy', trials: "$['weighted avg'].support" });
  }

  /**
   * The recall of each class in scikit-learn's `classification_report(output_dict=True)`. Slices are the classes.
   */
  public static sklearnRecallByClass(): MetricPlace {
    return new MetricPlace({ name: 'recall', value: "$['{slice}'].recall", trials: "$['{slice}'].support" });
  }

  /** Any other metric in that report: `sklearn('macro avg', 'f1-score')`. It comes without a standard error. */
  public static sklearn(row: string, metric: string): MetricPlace {
    return new MetricPlace({ name: metric, value: `$['${row}']['${metric}']` });
  }

  /** What Hugging Face's `evaluate.save` writes: `accuracy`, `f1`, `latency_in_seconds`. */
  public static huggingFace(metric: string): MetricPlace {
    return new MetricPlace({ name: metric, value: `$['${metric}']` });
  }

  /** What verdicts call it. */
  public readonly name: string;
  /** Path to its value. */
  public readonly value: string;
  /** Path to its standard error; undefined where the report does not say. */
  public readonly standardError?: string;
  /** Path to the number of examples behind it; undefined where the report does not say. */
  public readonly trials?: string;

  private constructor(props: MetricPlaceProps) {
    this.name = props.name;
    this.value = props.value;
    this.standardError = props.standardError;
    this.trials = props.trials;
  }
}
