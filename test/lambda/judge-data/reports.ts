/** Reports in the shapes of the usual tools, as plain objects: what a test changes, it changes before it is text. */

/** SageMaker Model Monitor's `statistics.json` of model quality, and what Pipelines call `evaluation.json`. */
export const modelQuality = (auc: number, sd: unknown = 0.001) => ({
  version: 0,
  binary_classification_metrics: {
    auc: { value: auc, standard_deviation: sd },
    accuracy: { value: 0.91, standard_deviation: 0.002 },
  },
});

/** scikit-learn's `classification_report(output_dict=True)`. */
export const sklearn = (recall: { cat: number; dog: number }, support = 20_000) => ({
  cat: { precision: 0.9, recall: recall.cat, 'f1-score': 0.9, support },
  dog: { precision: 0.9, recall: recall.dog, 'f1-score': 0.9, support },
  accuracy: (recall.cat + recall.dog) / 2,
  'macro avg': { precision: 0.9, recall: 0.9, 'f1-score': 0.9, support: 2 * support },
  'weighted avg': { precision: 0.9, recall: 0.9, 'f1-score': 0.9, support: 2 * support },
});

/** What Hugging Face's `evaluate.save` writes, with a latency of one's own. */
export const huggingFace = (accuracy: number, p99: number) => ({
  accuracy,
  f1: 0.8,
  total_time_in_seconds: 12.5,
  samples_per_second: 80,
  latency_in_seconds: 0.0125,
  p99_ms: p99,
  _timestamp: '2026-01-04T10:00:00',
  _evaluate_version: '0.4.0',
});

/** SageMaker Clarify's `analysis.json`. */
export const clarify = (di: unknown, dppl: unknown) => ({
  version: '1.0',
  post_training_bias_metrics: {
    label: 'approved',
    label_value_or_threshold: '1',
    facets: {
      age: [
        {
          value_or_threshold: '(40, 90]',
          metrics: [
            { name: 'AD', description: 'Accuracy Difference', value: 0.01 },
            { name: 'DI', description: 'Disparate Impact', value: di },
            { name: 'DPPL', description: 'Difference in Positive Proportions', value: dppl },
          ],
        },
        { value_or_threshold: '(0, 40]', metrics: [{ name: 'DI', description: 'Disparate Impact', value: 1.01 }] },
      ],
    },
  },
});
