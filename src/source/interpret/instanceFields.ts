import type { InstanceValue, Value } from '../values/value';

/** Objects inside objects are remembered down to this depth. */
const deepest = 2;

/** The fields of the objects that variables hold, to be put back after the script has been gone through once more. */
export class InstanceFields {
  private constructor(private readonly held: ReadonlyMap<InstanceValue, ReadonlyMap<string, Value>>) {}

  /** Remembers the fields as they are now. */
  static of(variables: ReadonlyMap<string, Value>): InstanceFields {
    const held = new Map<InstanceValue, ReadonlyMap<string, Value>>();
    const visit = (value: Value, depth: number): void => {
      if (value.kind !== 'instance' || depth > deepest || held.has(value)) return;
      held.set(value, new Map(value.fields));
      for (const inner of value.fields.values()) visit(inner, depth + 1);
    };
    for (const value of variables.values()) visit(value, 0);
    return new InstanceFields(held);
  }

  /** The fields that hold something else now for which `isTaken` holds of then and now, each with its object and what it holds now. */
  changed(
    isTaken: (before: Value, now: Value) => boolean,
  ): readonly { readonly instance: InstanceValue; readonly name: string; readonly now: Value }[] {
    return [...this.held].flatMap(([instance, fields]) =>
      [...fields].flatMap(([name, before]) => {
        const now = instance.fields.get(name);
        return now !== undefined && isTaken(before, now) ? [{ instance, name, now }] : [];
      }),
    );
  }

  /** Gives the objects the fields that they had. */
  putBack(): void {
    for (const [instance, fields] of this.held) {
      instance.fields.clear();
      for (const [name, value] of fields) instance.fields.set(name, value);
    }
  }
}
