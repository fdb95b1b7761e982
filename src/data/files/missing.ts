import { pandasMissing } from '../../records/missingMarks';

/** Tells missing values from others: pandas' own list unless `bare`, and what is added; a number given is missing in any spelling. */
export class MissingValues {
  private readonly texts: ReadonlySet<string>;
  private readonly numbers: ReadonlySet<number>;

  constructor(added: readonly string[], bare = false) {
    this.texts = new Set([...(bare ? [] : pandasMissing), ...added]);
    this.numbers = new Set(added.filter((text) => text.trim() !== '' && !Number.isNaN(Number(text))).map(Number));
  }

  isMissingText(text: string): boolean {
    return this.texts.has(text);
  }

  isMissingNumber(value: number): boolean {
    return this.numbers.size > 0 && this.numbers.has(value);
  }
}
