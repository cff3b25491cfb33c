/** A part of the running suite behind a line of its own: killed, paused, slow, cut off, and started again as it was. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@cloudfreedom/testkit';

/** `silent`: nothing arrives any more, in either direction, and nobody is told. */
type LineState = 'open' | 'slow' | 'silent';
const SLOW_MS = 1_000;
const RETRY_MS = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** How a process was started, as Linux tells it. */
interface Start {
  command: string;
  words: string[];
  env: Record<string, string>;
  uid: number;
  gid: number;
}

function startOf(pid: number): Start {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').filter(Boolean);
  const [command = '', ...words] = read('cmdline');
  const env = Object.fromEntries(
    read('environ').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
  const { uid, gid } = statSync(`/proc/${pid}`);
  return { command, words, env, uid, gid };
}

const withPort = ({ command, words, env, uid, gid }: Start, from: number, to: number): Start => ({
  ...{ command, uid, gid },
  words: words.map((word) => (word === String(from) ? String(to) : word.replace(`:${from}`, `:${to}`))),
  env: { ...env, ...(env.PORT && { PORT: String(to) }) },
});

class Line {
  state: LineState = 'open';
  readonly #port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number, targetPort: number) {
    this.#port = port;
    this.#server = createServer((near) => {
      const far = connect(targetPort, '127.0.0.1');
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => void this.#pass(from, () => to.write(chunk)));
    from.on('end', () => void this.#pass(from, () => to.end()));
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      if (this.state !== 'silent') to.destroy();
    });
  }

  /** In the order in which they came; what came while the line was silent goes on afterwards, as TCP would send it again. */
  async #pass(from: Socket, write: () => void): Promise<void> {
    from.pause();
    if (this.state === 'slow') await pause(SLOW_MS);
    while (this.state === 'silent') await pause(50);
    write();
    from.resume();
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#port, '127.0.0.1', resolve);
    });
  }

  /** As where no process listens. */
  refuse(): void {
    this.#server.close();
  }

  close(): void {
    this.state = 'open';
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

function ended(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? true;
  } catch {
    return true;
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

export class Part {
  readonly name: string;
  readonly line: Line;
  readonly #port: number;
  readonly #start: Start;
  #pid: number;
  #child: ChildProcess | undefined;

  private constructor(name: string, pid: number, port: number, start: Start, line: Line) {
    this.name = name;
    this.line = line;
    this.#pid = pid;
    this.#port = port;
    this.#start = start;
  }

  /** Starts a running process again at another port, with a line at its own. */
  static async behindLine(name: string, pid: number, port: number): Promise<Part> {
    const inner = await freePort();
    const part = new Part(name, pid, inner, withPort(startOf(pid), port, inner), new Line(port, inner));
    part.signal(name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    await part.#untilEnded();
    await part.start();
    return part;
  }

  /** Redis, at a port of its own behind a line at this one; it would not tell how it was started. */
  static async redis(port: number, password: string): Promise<Part> {
    const inner = await freePort();
    const words = ['--port', String(inner), '--bind', '127.0.0.1', '--save', '', '--requirepass', password];
    const command = process.env.REDIS_SERVER_BIN || 'redis-server';
    const { uid, gid } = statSync('/proc/self');
    const part = new Part('redis', 0, inner, { command, words, env: {}, uid, gid }, new Line(port, inner));
    await part.start();
    return part;
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.#pid, signal);
  }

  /** It and its own processes: Postgres has one for each connection. */
  signalAll(signal: NodeJS.Signals): void {
    for (const pid of [this.#pid, ...childrenOf(this.#pid)]) process.kill(pid, signal);
  }

  async kill(): Promise<void> {
    this.line.refuse();
    this.signal('SIGKILL');
    await this.#untilEnded();
  }

  async #untilEnded(): Promise<void> {
    while (!ended(this.#pid)) await pause(50);
  }

  /** Until it takes connections; a killed Postgres needs a few attempts while its children let go of its memory. */
  async start(): Promise<void> {
    const { command, words, env, uid, gid } = this.#start;
    for (;;) {
      this.#child = spawn(command, words, { env, uid, gid, cwd: '/', stdio: 'ignore', detached: true });
      this.#pid = this.#child.pid ?? 0;
      while (this.#child.exitCode === null && this.#child.signalCode === null) {
        if (await this.#isListening()) return this.line.listen();
        await pause(50);
      }
      await pause(RETRY_MS);
    }
  }

  #isListening(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }

  async end(): Promise<void> {
    this.line.close();
    this.signal('SIGCONT');
    this.signal(this.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    await Promise.race([this.#untilEnded(), pause(10_000)]);
    if (!ended(this.#pid)) this.signal('SIGKILL');
  }
}
