/** Something that holds a resource until `dispose`; the shape is VS Code's, so that both sides fit. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and ends them in reverse order of their registration. */
export class DisposableStore implements Disposable {
  private readonly owned: Disposable[] = [];
  private disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.owned.push(item);
    return item;
  }

  dispose(): void {
    this.disposed = true;
    while (this.owned.length > 0) this.owned.pop()?.dispose();
  }
}
