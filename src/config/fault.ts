/** Notes what is wrong with a setting, and goes on with `instead`, so that all faults are told at once. */
export type Fault = <T>(name: string, what: string, instead: T) => T;
