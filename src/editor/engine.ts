import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type * as vscode from 'vscode';
import type { CancelToken } from '../base/cancel';
import type { Result } from '../base/result';
import type { Rejection } from '../protocol/channel';
import { Client } from '../protocol/channel';
import type { EngineRequests } from '../protocol/messages';
import { protocolVersion } from '../protocol/messages';
import { engineWord, processPort } from '../protocol/processPort';
import type { Log } from './log';

/** How long a cancelled engine may take to answer again before its process is ended. */
const graceMilliseconds = 2_000;

interface Running {
  readonly child: ChildProcess;
  readonly client: Client<EngineRequests>;
}

/**
 * Owns the engine process: started at the first request, again after it went away, and ended when a cancelled run
 * does not let go. Whatever happens to it, a request ends with a value.
 */
export class Engine implements vscode.Disposable {
  private running: Running | null = null;
  private told = false;
  private readonly grace = new Set<NodeJS.Timeout>();

  constructor(
    private readonly file: string,
    private readonly log: Log,
    /** What the engine is to run on, asked at each start. */
    private readonly backend: () => string,
    /** Shows a person, once, what they should know of the engine. */
    private readonly tell: (text: string) => void,
  ) {}

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.running?.child.pid;
  }

  /** Asks the engine for something, starting it when needed. After a cancel it must let go soon. */
  async request<M extends keyof EngineRequests>(
    method: M,
    parameters: EngineRequests[M]['parameters'],
    onEvent: (event: EngineRequests[M]['event']) => void,
    cancel: CancelToken,
  ): Promise<Result<EngineRequests[M]['result'], Rejection>> {
    const engine = this.start();
    const forget = cancel.onCancel(() => this.expectAnswer(engine));
    const outcome = await engine.client.request(method, parameters, onEvent, cancel);
    forget();
    return outcome;
  }

  /** Ends the process at once; open requests end with `closed`. The next request starts a new one. */
  kill(): void {
    this.running?.child.kill('SIGKILL');
  }

  dispose(): void {
    for (const timer of this.grace) clearTimeout(timer);
    const engine = this.running;
    this.running = null;
    engine?.client.dispose();
    engine?.child.kill('SIGKILL');
  }

  private start(): Running {
    if (this.running) return this.running;
    const child = fork(this.file, [engineWord], {
      execArgv: [],
      serialization: 'advanced',
      env: { ...engineEnvironment(), DESCENT_LENS_BACKEND: this.backend() },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const client = new Client<EngineRequests>(processPort(child), protocolVersion);
    const engine: Running = { child, client };
    this.running = engine;
    this.watch(engine);
    void client.request('hello', { version: protocolVersion }).then((hello) => {
      if (hello.ok) {
        this.log.info(`engine ${child.pid} ready: ${hello.value.backend}`);
        this.tellOnce(hello.value.note ?? null);
      } else this.log.error(`engine ${child.pid}: ${hello.error.text}`);
    });
    return engine;
  }

  private tellOnce(note: string | null): void {
    if (note === null || this.told) return;
    this.told = true;
    this.log.warn(note);
    this.tell(note);
  }

  private watch(engine: Running): void {
    const { child, client } = engine;
    const gone = (text: string): void => {
      if (this.running === engine) this.running = null;
      client.close(text);
    };
    child.on('spawn', () => this.lowerPriority(child));
    child.on('error', (error) => gone(`The engine could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      this.log.info(`engine ${child.pid} ended: ${signal ?? `exit ${code}`}`);
      gone(`The engine stopped (${signal ?? `exit ${code}`}). What was measured is kept; the next run starts a new engine.`);
    });
    child.stdout?.on('data', (text: Buffer) => this.log.info(text.toString('utf8').trimEnd()));
    child.stderr?.on('data', (text: Buffer) => this.log.warn(text.toString('utf8').trimEnd()));
  }

  private lowerPriority(child: ChildProcess): void {
    if (child.pid === undefined) return;
    try {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch (error) {
      this.log.debug(`engine priority: ${String(error)}`);
    }
  }

  /** After a cancel the engine must answer something soon; native code that does not return is ended with its process. */
  private expectAnswer(engine: Running): void {
    const timer = setTimeout(() => {
      this.grace.delete(timer);
      this.log.warn(`engine ${engine.child.pid} did not let go of a cancelled run and is ended`);
      engine.child.kill('SIGKILL');
    }, graceMilliseconds);
    this.grace.add(timer);
    void engine.client.request('hello', { version: protocolVersion }).then(() => {
      clearTimeout(timer);
      this.grace.delete(timer);
    });
  }
}

/** The host's environment without its own variables; under Electron the same binary must behave as Node. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
