// The tests of decision/ that mutation testing runs, as one file so that its thousand runs load them once each.
// The first that fails ends a run: the exact ones first, the slow ones last.
import './verdict.test';
import './algebra.test';
import './rules/simple.test';
import './rules/evidence.test';
import './rules/evidence-of-means.test';
import './rules/evidence-of-predictions.test';
import './rules/evidence-of-reports.test';
import './rules/reading.test';
import './rules/verdicts.test';
import './rules/edges.test';
import './rules/clusters.test';
import './rules/ranges.test';
import './evidence/accumulator.test';
import './evidence/certificate.test';
import './evidence/dispersion.test';
import './evidence/e-block.test';
import './evidence/multiplicity.test';
import './evidence/one-sample.test';
import './vectors.test';
import './rules/broken-input-groups';
import './rules/counts.test';
import './rules/rules.test';
import './special/oracle.test';
import './rules/any-input.test';
import './rules/memory.test';
import './guarantees.test';
