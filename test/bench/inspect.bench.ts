import { reportTensorStatistics } from './inspect/tensorStatistics';

/* What the inspector costs, part by part. */

void reportTensorStatistics();
