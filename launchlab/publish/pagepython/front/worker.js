/* The worker in which Python runs. The frame sends one message: the parts, and the port that leads to
 * the page. From then on the page asks through the port, one job after the other:
 *   {job, code}            run a cell
 *   {job, lab, state}      a lab's point at a state
 * and gets {job, event} for what a job shows, and {job, done: {ok, memory}} at its end; {broken} says
 * that the interpreter is gone and that only another worker helps.
 */
"use strict";
const ENVIRONMENT = ["HOME=/home", "TMPDIR=/tmp", "PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1",
  "PYTHONTZPATH=", "LAUNCHLAB_MODE=page", "OMP_NUM_THREADS=1", "LOKY_MAX_CPU_COUNT=1"];
const CELLS = "__import__('launchlab.publish.pagepython.inside.cells', fromlist=['run'])";
const BEGIN = `import sys; sys.path.append("/course"); ${CELLS}.begin()`;
// What nearly every chapter imports: once for all, since it comes with the memory's copy.
const IMPORTS = `${CELLS}.prepare()`;
// Chance must not be the same in each copy of one memory.
const SHAKE = `${CELLS}.shake()`;

// A page that gets a message for each of five million lines does nothing else for minutes.
const SINGLE_MESSAGES = 200, PAUSE_MS = 50, MOST_TEXT = 1_000_000;

class Stream {
  constructor(name) { this.name = name; this.text = new TextDecoder(); this.reset(); }
  reset() { this.held = ""; this.sent = 0; this.messages = 0; this.last = 0; this.lost = 0; }
  take(chunk) {
    if (this.sent >= MOST_TEXT) { this.lost += chunk.length; return; }
    this.held += this.text.decode(chunk, { stream: true });
    if (!begun) return; // what the beginning says is nobody's output
    if (this.messages < SINGLE_MESSAGES || performance.now() - this.last > PAUSE_MS) this.flush();
  }
  flush() {
    if (!this.held) return;
    const left = MOST_TEXT - this.sent;
    if (this.held.length > left) { this.lost += this.held.length - left; this.held = this.held.slice(0, left); }
    this.sent += this.held.length;
    this.messages++;
    this.last = performance.now();
    tell({ type: "stream", name: this.name, text: this.held });
    this.held = "";
  }
  end() {
    this.flush();
    if (this.lost) tell({ type: "stream", name: this.name, text: `\n… (${Math.ceil(this.lost / 1000).toLocaleString("en")} KB more)\n` });
    this.reset();
  }
}

let port, python, begun = false, job = null, failed = false, answer = null, line = "";
const streams = { stdout: new Stream("stdout"), stderr: new Stream("stderr") };
const lines = new TextDecoder();
const flush = () => { for (const one of Object.values(streams)) one.flush(); };
const tell = (event) => port.postMessage({ job, event });

function output(name, chunk) {
  if (name !== "page") return streams[name].take(chunk);
  line += lines.decode(chunk, { stream: true });
  for (let cut; (cut = line.indexOf("\n")) >= 0; line = line.slice(cut + 1)) {
    let event;
    // A cell may write there too: what is no JSON is nobody's loss.
    try { event = JSON.parse(line.slice(0, cut)); } catch { continue; }
    if (event === null || typeof event !== "object") continue;
    flush();
    if (event.type === "point") { answer = event.point; continue; }
    if (event.type === "error") failed = true;
    if (["error", "display"].includes(event.type)) tell(event);
  }
}

function work(asked) {
  job = asked.job;
  failed = false;
  answer = null;
  const status = python.turn(asked.code !== undefined ? `${CELLS}.run(${JSON.stringify(asked.code)})`
    : `${CELLS}.point(${JSON.stringify(asked.lab)}, ${JSON.stringify(JSON.stringify(asked.state))})`);
  for (const one of Object.values(streams)) one.end();
  port.postMessage({ job, done: { ok: status === 0 && !failed, point: answer, memory: python.size } });
  job = null;
}

async function begin({ module, library, course, memory }) {
  const at = { began: performance.now() };
  const files = new Files();
  const bytes = async (blob) => new Uint8Array(await blob.arrayBuffer());
  const [zip, own, image] = await Promise.all([bytes(library), bytes(course), memory && memory.arrayBuffer()]);
  files.put("/usr/local/lib/python315.zip", new File(zip, true));
  files.unpack(own, "/course");
  at.read = performance.now();
  python = new Interpreter(new System(files, ENVIRONMENT, output, flush));
  await python.begin(module, image);
  at.instance = performance.now();
  if (image) prepare(SHAKE);
  else {
    prepare(BEGIN);
    at.interpreter = performance.now();
    port.postMessage({ stage: "importing" });
    prepare(IMPORTS);
  }
  at.ready = performance.now();
  for (const one of Object.values(streams)) one.reset();
  begun = true;
  port.postMessage({ ready: { memory: python.size, at } });
  if (image) return;
  // Before any cell has run: the next interpreter begins with this.
  const copy = python.image();
  self.postMessage({ image: copy }, [copy]);
}

/** A turn of our own, which has to end well; what it printed says why it did not. */
function prepare(code) {
  if (python.turn(code) !== 0) throw new Error(streams.stderr.held.trim().split("\n").pop() || "it did not begin");
}

const guarded = async (what, ...given) => {
  try {
    await what(...given);
  } catch (error) {
    // What was unwound cannot be entered again.
    port.postMessage({ job, broken: String(error), ended: error instanceof Ended });
  }
};

self.onmessage = ({ data, ports }) => {
  [port] = ports;
  self.onmessage = null;
  port.onmessage = (message) => guarded(work, message.data);
  guarded(begin, data);
};
