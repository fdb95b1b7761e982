import type { Value } from './value';

/** Variables of a module, function or class body. */
export class Scope {
  readonly variables = new Map<string, Value>();
  readonly globals = new Set<string>();

  constructor(
    readonly parent: Scope | null,
    readonly path: string,
  ) {}

  get module(): Scope {
    return this.parent === null ? this : this.parent.module;
  }

  get(name: string): Value | null {
    return this.variables.get(name) ?? this.parent?.get(name) ?? null;
  }

  set(name: string, value: Value): void {
    if (!this.globals.has(name)) this.variables.set(name, value);
    else {
      let scope = this.parent;
      while (scope !== null && !scope.variables.has(name) && scope.parent !== null) scope = scope.parent;
      (scope ?? this.module).variables.set(name, value);
    }
  }
}
