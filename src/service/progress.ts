import type { DiagnoseEvent } from '../protocol/diagnosis';

/** One line on a terminal that tells what goes on; silent where the output is no terminal. */
export class Progress {
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  listener(file: string): (unit: string, event: DiagnoseEvent) => void {
    return (unit, event) => {
      if (event.kind === 'phase') this.show(`${file} ${unit}: ${event.text} (${Math.round(event.fraction * 100)} %)`);
    };
  }

  /** Tells anything in one line. */
  tell(text: string): void {
    this.show(text);
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[K');
    this.shown = false;
  }

  private show(text: string): void {
    if (!this.stream.isTTY) return;
    const width = Math.max(20, (this.stream.columns || 80) - 1);
    this.stream.write(`\r\u001b[K${text.slice(0, width)}`);
    this.shown = true;
  }
}
