/** A value that a script would get on its command line. */
export type GivenValue = number | string | boolean;

/** Values that the person or the project gives, by the name under which the script reads them (`learning_rate` of `--learning-rate`). */
export type GivenValues = Readonly<Record<string, GivenValue>>;
