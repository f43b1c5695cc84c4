/* Python in the page, seen from the page: launchlab.pagePython.
 *
 *   supported()           whether this browser can run it; nothing is loaded to find out
 *   create({base})        a runtime; base is the address of the folder of this script
 *
 *   runtime.start({onProgress({loaded, total, stage})})   load or take what is kept, and begin
 *   runtime.run(code, {id, onEvent(event)}) -> {ok}       run a cell; one after the other
 *   runtime.point(lab, state) -> {columns, sentence, heading, cards, record}
 *   runtime.stop()                                        end what runs and begin anew: names are gone
 *   runtime.state                                         "off", "loading", "ready" or "busy"
 *
 * Another interpreter could stand behind the same five. Nothing here runs before start() is called,
 * and nothing calls it but a reader's click.
 */
var launchlab = globalThis.launchlab ||= {};
launchlab.pagePython = (() => {
  "use strict";
  // Parts are kept under their own names, which change with their content.
  const SHELF = "launchlab-page-python";
  const SUM = "x-sha256"; // of the memory's copy, beside it
  const PATIENCE_MS = 20_000; // for a frame that has to say that it is there; on busy machines too
  // A module of one type, of a function that takes an exnref: the newest of what the interpreter needs.
  const NEWEST = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 105, 0]);
  // No connection, no origin: what runs in the frame can compute, and nothing else.
  const policy = (nonce) => `default-src 'none'; script-src 'nonce-${nonce}' 'wasm-unsafe-eval'; worker-src blob:`;

  const supported = () => location.protocol !== "file:" && typeof Worker === "function"
    && typeof DecompressionStream === "function" && typeof WebAssembly === "object"
    && typeof WebAssembly.compileStreaming === "function" && WebAssembly.validate(NEWEST);

  /** The shelf of this browser, or null where there is none (plain http, private windows). */
  async function shelf() {
    try { return await caches.open(SHELF); } catch { return null; }
  }

  async function read(response, hear, signal) {
    const chunks = [], reader = response.body.getReader();
    for (let part; !(part = await reader.read()).done;) {
      signal.throwIfAborted();
      chunks.push(part.value);
      hear(part.value.length);
    }
    return new Blob(chunks);
  }

  async function sha256(blob) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function check(blob, file) {
    if (blob.size !== file.bytes) throw new Error(`${file.file}: ${blob.size} bytes came, expected ${file.bytes}`);
    if (!crypto.subtle) return; // plain http
    if (await sha256(blob) !== file.sha256) throw new Error(`${file.file}: what came is not what this page expects`);
  }

  class Runtime {
    constructor({ base }) {
      this.base = new URL(base, location.href);
      this.state = "off";
      this.jobs = new Map(); // by number: {onEvent, done}
      this.next = 1;
      this.queue = Promise.resolve();
      this.parts = null;
      this.memory = null;
      this.kept = Promise.resolve(); // fulfilled when all that is to be kept is on the shelf
      this.times = {};
    }

    // ------------------------------------------------------------ beginning

    start({ onProgress = () => {} } = {}) {
      if (this.state === "ready" || this.state === "busy") return Promise.resolve();
      if (this.starting) return this.starting;
      this.state = "loading";
      this.cancel = new AbortController();
      const { signal } = this.cancel;
      const aborted = new Promise((_, failed) => signal.addEventListener("abort", () => failed(signal.reason)));
      aborted.catch(() => {});
      const began = performance.now();
      this.starting = (async () => {
        try {
          const fresh = await this.load(onProgress, signal);
          this.times.loaded = performance.now() - began;
          onProgress({ loaded: this.total, total: this.total, stage: "starting" });
          const tell = (stage) => onProgress({ loaded: this.total, total: this.total, stage });
          await Promise.race([aborted, this.beginWell(tell, signal)]);
          this.times.ready = performance.now() - began;
          this.state = "ready";
          this.kept = Promise.all([this.keep(fresh), this.memoryKept]);
        } catch (error) {
          this.away();
          this.state = "off";
          throw error;
        } finally {
          this.starting = null;
        }
      })();
      return this.starting;
    }

    /** Every part as a Blob, from the shelf or from the site; returns those that are new. */
    async load(onProgress, signal) {
      if (this.parts) return [];
      const { files } = launchlab.pagePython, kept = await shelf(), parts = {}, fresh = [];
      const total = this.total = files.reduce((sum, file) => sum + file.bytes, 0);
      let loaded = 0;
      const hear = (bytes) => { loaded += bytes; onProgress({ loaded, total, stage: "loading" }); };
      await Promise.all(files.map(async (file) => {
        const place = new URL(file.file, this.base).href, known = kept && await kept.match(place);
        if (known) {
          parts[file.part] = await known.blob();
          if (parts[file.part].size === file.unpacked) return hear(file.bytes);
        }
        // What goes on the shelf need not lie in the browser's other cache too.
        const response = await fetch(place, { signal, cache: kept ? "no-store" : "default" });
        if (!response.ok) throw new Error(`${file.file}: the site answered ${response.status}`);
        const packed = await read(response, hear, signal);
        await check(packed, file);
        parts[file.part] = await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
        fresh.push(file);
      }));
      const held = kept && await kept.match(this.imagePlace());
      this.memory = held && await held.blob();
      this.memorySum = held && held.headers.get(SUM);
      this.parts = parts;
      return fresh;
    }

    /** The memory's copy belongs to exactly these parts. */
    imagePlace() {
      const names = launchlab.pagePython.files.map((file) => file.file.replace(/\.bin$/, ""));
      return new URL(`memory/${names.join("+")}`, this.base).href;
    }

    /** Put something on the shelf. Where there is no room, the next visit loads it again. */
    async put(place, blob, headers = {}) {
      const kept = await shelf();
      if (kept) await kept.put(place, new Response(blob, { headers })).catch(() => {});
    }

    /** Put the memory's copy there, and with it the sum by which it is known again. */
    async putMemory() {
      // Where there is no shelf (plain http), there are no sums either.
      if (await shelf()) await this.put(this.imagePlace(), this.memory, { [SUM]: await sha256(this.memory) });
    }

    /** An interpreter in a damaged memory may do anything, such as nothing for ever. */
    async checkMemory() {
      if (await sha256(this.memory) !== this.memorySum) throw new Error("the copy of the memory is damaged");
    }

    /** Put what is new on the shelf; what no page asks for any more goes. */
    async keep(fresh) {
      const address = (file) => new URL(file.file, this.base).href, kept = await shelf();
      for (const file of fresh) await this.put(address(file), this.parts[file.part]);
      const known = [...launchlab.pagePython.files.map(address), this.imagePlace()];
      for (const one of kept ? await kept.keys() : [])
        if (!known.includes(one.url)) await kept.delete(one);
    }

    // ------------------------------------------------------------ the frame and its worker

    /** Begin; where the kept copy of the memory is no good, without it. */
    async beginWell(onStage, signal) {
      const copied = this.memory !== null;
      try {
        // Side by side: the check takes as long as the beginning.
        await (copied ? Promise.all([this.begin(onStage), this.checkMemory()]) : this.begin(onStage));
      } catch (error) {
        if (!copied || signal.aborted) throw error;
        this.away();
        this.memory = null;
        await this.begin(onStage);
      }
    }

    /** A worker in the frame, and in it an interpreter that is ready. */
    async begin(onStage = () => {}) {
      if (!this.memory) this.memoryKept = new Promise((done) => { this.onMemory = done; });
      const given = this.frame ? {} : { parts: this.parts, memory: this.memory };
      const frame = this.frame || await this.makeFrame();
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      const ready = new Promise((done, failed) => {
        this.onCrash = failed;
        port1.onmessage = ({ data }) => {
          if (data.ready) done(data.ready);
          else if (data.broken) failed(new Error(data.broken));
          else if (data.stage) onStage(data.stage);
        };
      });
      // Whichever fails first is told; the other one fails unheard.
      ready.catch(() => {});
      await this.within((heard) => {
        this.onHeard = heard;
        frame.contentWindow.postMessage(given, "*", [port2]);
      });
      const { memory, at } = await ready;
      Object.assign(this, { memorySize: memory, onCrash: (error) => this.lost(error.message) });
      this.times.inside = at;
      port1.onmessage = ({ data }) => this.heard(data);
    }

    /** What the frame has to answer, unless it is gone. */
    within(ask) {
      return new Promise((done, failed) => {
        const late = setTimeout(() => failed(new Error("the frame for Python does not answer")), PATIENCE_MS);
        ask(() => { clearTimeout(late); done(); });
      });
    }

    async makeFrame() {
      const nonce = crypto.getRandomValues(new Uint32Array(4)).join("");
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "Python";
      frame.sandbox = "allow-scripts";
      frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy(nonce)}">`
        + `<script nonce="${nonce}">${launchlab.pagePython.frameScript}</` + "script>";
      this.frame = frame;
      this.listen ||= ({ source, data }) => {
        if (!this.frame || source !== this.frame.contentWindow) return;
        if (data.frame && this.onFrame) this.onFrame();
        if (data.heard && this.onHeard) this.onHeard();
        if (data.memory) {
          this.memory = data.memory;
          this.putMemory().then(this.onMemory, this.onMemory);
        }
        if (data.crashed && this.onCrash) this.onCrash(new Error(data.crashed));
      };
      addEventListener("message", this.listen);
      await this.within((open) => { this.onFrame = open; document.body.append(frame); });
      return frame;
    }

    /** Take the frame away, and with it whatever runs in it. */
    away() {
      removeEventListener("message", this.listen);
      if (this.frame) this.frame.remove();
      this.frame = null;
    }

    // ------------------------------------------------------------ work

    /** One job after the other: what is asked for while another runs waits for it. */
    ask(message, onEvent) {
      // Who asks while it begins anew waits for that as well.
      const turn = this.queue.then(() => this.starting || this.again).then(() => new Promise((done, failed) => {
        if (this.state !== "ready") return failed(new Error(`Python is not ready (${this.state})`));
        const job = this.next++;
        this.state = "busy";
        this.jobs.set(job, { onEvent, done });
        this.port.postMessage({ job, ...message });
      }));
      this.queue = turn.catch(() => {});
      return turn;
    }

    async run(code, { onEvent = () => {} } = {}) {
      const { ok, stopped = false } = await this.ask({ code }, onEvent);
      return stopped ? { ok, stopped } : { ok };
    }

    async point(lab, state) {
      let failure = null;
      const answer = await this.ask({ lab, state }, (event) => { if (event.type === "error") failure = event; });
      if (answer.point) return answer.point;
      throw Object.assign(new Error(failure ? failure.message : "Python was stopped"),
        { name: failure ? failure.name : "Stopped", traceback: failure ? failure.traceback : "" });
    }

    heard({ job, event, done, broken }) {
      const one = this.jobs.get(job);
      if (broken !== undefined) return this.lost(broken);
      if (!one) return;
      if (event) one.onEvent(event);
      if (!done) return;
      this.jobs.delete(job);
      this.memorySize = done.memory;
      this.state = "ready";
      one.done(done);
    }

    /** The interpreter is gone (its stack overflowed, say): tell the job, and begin anew. */
    lost(why) {
      const message = `Python itself has ended (${why}). It begins anew; its names are gone.`;
      for (const one of this.jobs.values())
        one.onEvent({ type: "error", name: "PythonEnded", message, traceback: message });
      return this.stop();
    }

    /** End what runs and begin anew, in seconds: the parts are here. */
    stop() {
      if (this.state === "off") return Promise.resolve();
      if (this.starting) {
        this.cancel.abort();
        return this.starting.catch(() => {});
      }
      this.again ||= this.beginAgain().finally(() => { this.again = null; });
      return this.again;
    }

    async beginAgain() {
      const began = performance.now(), ended = [...this.jobs.values()];
      this.state = "loading";
      this.jobs.clear();
      try {
        // The frame may have gone with its worker: another one begins with the same parts.
        await this.begin().catch(() => { this.away(); return this.begin(); });
        this.times.again = performance.now() - began;
        this.state = "ready";
      } catch (error) {
        this.away();
        this.state = "off";
        throw error;
      } finally {
        for (const one of ended) one.done({ ok: false, stopped: true });
      }
    }
  }

  return { supported, create: (options) => new Runtime(options), files: [], frameScript: "" };
})();
