/** Something a person has to put right; shown without a stack trace. */
export class DeploymentError extends Error {}

/** The configuration is wrong: nothing was sent. */
export class ConfigError extends DeploymentError {}

/** A contract that a step reads is not deployed, or is still a placeholder. To the runner this is a difference. */
export class NotReady extends DeploymentError {}
