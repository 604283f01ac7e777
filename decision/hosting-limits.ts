// Limits of the service that hold for one production variant on instances.

/** Smallest and largest volume of a hosting instance, in GB. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html */
export const VOLUME_SIZE_GIB = { min: 1, max: 512 } as const;

/** Model download and container start-up may take this long, in seconds. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html */
export const STARTUP_TIMEOUT_SECONDS = { min: 60, max: 3600 } as const;

/** An auto scaled variant never goes below this count. https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html */
export const SCALED_INSTANCES_MIN = 1;

/** `ml.`, a family (`g4dn`, `p6-b200`), a size. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html */
export const INSTANCE_TYPE = /^ml\.[a-z]+\d[a-z0-9]*(-[a-z0-9]+)*\.(medium|large|(\d+)?xlarge|metal(-\d+xl)?)$/;
