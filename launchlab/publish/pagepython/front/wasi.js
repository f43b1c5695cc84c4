/* What the interpreter asks of its system (WASI preview 1), answered in a worker: files in memory,
 * a clock, chance, and output. There is no network, no storage, no thread and no process to ask for.
 *
 * Python's files: /usr/local/lib has its library, /course the course's code, both read-only;
 * /tmp and /home can be written to and last as long as the worker. What is written to /dev/page
 * goes to the page.
 */
"use strict";
const OK = 0, ACCES = 2, BADF = 8, EXIST = 20, INVAL = 28, ISDIR = 31, NOENT = 44, NOSPC = 51,
  NOTDIR = 54, NOTEMPTY = 55, NOTSUP = 58, ROFS = 69, SPIPE = 70, NOTCAPABLE = 76;
const DEVICE = 2, FOLDER = 3, FILE = 4;
const MOST_WRITTEN = 256 * 2 ** 20; // of all files together: more is an error of Python's, not of the tab

let numbered = 0n;
class Node {
  constructor(kind) { this.kind = kind; this.number = ++numbered; this.size = 0; }
}
class Folder extends Node {
  constructor() { super(FOLDER); this.held = new Map(); }
}
class File extends Node {
  constructor(data, readonly) {
    super(FILE);
    this.data = data; this.size = data.length; this.readonly = readonly;
  }
}
/** Where bytes leave: standard output, errors, and the page's door. */
class Device extends Node {
  constructor(take) { super(DEVICE); this.take = take; }
}

/** Ends a program that has called exit(). */
class Ended extends Error {}

class Files {
  constructor() { this.root = new Folder(); this.written = 0; }

  folder(path) {
    let at = this.root;
    for (const name of path.split("/").filter(Boolean)) {
      if (!at.held.has(name)) at.held.set(name, new Folder());
      at = at.held.get(name);
    }
    return at;
  }

  put(path, node) {
    const cut = path.lastIndexOf("/");
    this.folder(path.slice(0, cut)).held.set(path.slice(cut + 1), node);
  }

  /** The files of a zip that are stored as they are, below a folder; nothing is copied. */
  unpack(zip, folder) {
    const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength), text = new TextDecoder();
    let end = zip.length - 22;
    while (view.getUint32(end, true) !== 0x06054b50) end--;
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left; left--) {
      const size = view.getUint32(at + 24, true), named = view.getUint16(at + 28, true);
      const local = view.getUint32(at + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const name = text.decode(zip.subarray(at + 46, at + 46 + named));
      this.put(`${folder}/${name}`, new File(zip.subarray(start, start + size), true));
      at += 46 + named + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
  }

  /** Where a path leads from a folder: {folder, name, node}, or the number of an error. */
  walk(from, path) {
    const way = [from], names = path.split("/").filter((name) => name && name !== ".");
    const last = names.pop();
    for (const name of names) {
      if (name === "..") {
        if (way.length === 1) return NOTCAPABLE;
        way.pop();
        continue;
      }
      const next = way[way.length - 1].held.get(name);
      if (!next) return NOENT;
      if (next.kind !== FOLDER) return NOTDIR;
      way.push(next);
    }
    const folder = way[way.length - 1];
    if (last === undefined) return { folder: null, name: "", node: folder };
    if (last === "..") return way.length > 1 ? { folder: null, name: "", node: way[way.length - 2] } : NOTCAPABLE;
    return { folder, name: last, node: folder.held.get(last) };
  }

  write(file, at, chunk) {
    const end = at + chunk.length;
    if (end > file.data.length) {
      const room = Math.max(end, Math.min(2 * file.data.length, file.data.length + 2 ** 24), 512);
      if (this.written + room - file.data.length > MOST_WRITTEN) return false;
      this.written += room - file.data.length;
      const grown = new Uint8Array(room);
      grown.set(file.data.subarray(0, file.size));
      file.data = grown;
    }
    file.data.set(chunk, at);
    file.size = Math.max(file.size, end);
    return true;
  }

  remove(found) {
    if (found.node.kind === FILE && !found.node.readonly) this.written -= found.node.data.length;
    found.folder.held.delete(found.name);
  }
}

/** The system of one interpreter.
 *  `environment` is a list of NAME=value; `output(name, bytes)` gets what leaves it, and `idle()` is
 *  called before it sleeps. */
class System {
  constructor(files, environment, output, idle) {
    this.files = files;
    this.idle = idle;
    this.began = performance.now();
    this.text = new TextDecoder();
    this.bytes = new TextEncoder();
    this.lists = { args: ["python"], environ: environment };
    files.put("/dev/page", new Device((chunk) => output("page", chunk)));
    for (const path of ["/tmp", "/home"]) files.folder(path);
    const nothing = new Device(() => {});
    this.open = [nothing, new Device((chunk) => output("stdout", chunk)),
      new Device((chunk) => output("stderr", chunk)), files.root].map((node) => ({ node, at: 0 }));
  }

  bind(exports) { this.memory = exports.memory; this.allot = exports.host_alloc; }

  // The memory's buffer is another one whenever it has grown.
  get view() {
    if (!this.seen || this.seen.buffer !== this.memory.buffer) this.seen = new DataView(this.memory.buffer);
    return this.seen;
  }
  part(at, size) { return new Uint8Array(this.memory.buffer, at >>> 0, size >>> 0); }
  string(at, size) { return this.text.decode(this.part(at, size)); }
  put32(at, value) { this.view.setUint32(at, value, true); return OK; }
  put64(at, value) { this.view.setBigUint64(at, BigInt(value), true); return OK; }
  get32(at) { return this.view.getUint32(at, true); }

  nanoseconds(clock) {
    const now = clock === 0 ? Date.now() : performance.now() - this.began;
    return BigInt(Math.round(now * 1000)) * 1000n;
  }

  /** The parts of memory that a call names for reading or writing. */
  *vectors(at, count) {
    for (let one = 0; one < count; one++) yield [this.get32(at + 8 * one), this.get32(at + 8 * one + 4)];
  }

  find(fd, path, size) {
    const held = this.open[fd];
    if (!held) return BADF;
    return held.node.kind === FOLDER ? this.files.walk(held.node, this.string(path, size)) : NOTDIR;
  }

  describe(at, node) {
    this.part(at, 64).fill(0);
    this.put64(at, 1);
    this.put64(at + 8, node.number);
    this.view.setUint8(at + 16, node.kind);
    this.put64(at + 24, 1);
    return this.put64(at + 32, node.size);
  }

  read(fd, vectors, count, done, from) {
    const held = this.open[fd];
    if (!held) return BADF;
    if (held.node.kind === FOLDER) return ISDIR;
    let at = from === undefined ? held.at : Number(from), total = 0;
    if (held.node.kind === FILE) {
      for (const [to, size] of this.vectors(vectors, count)) {
        const some = held.node.data.subarray(at, Math.min(at + size, held.node.size));
        this.part(to, some.length).set(some);
        at += some.length; total += some.length;
        if (some.length < size) break;
      }
      if (from === undefined) held.at = at;
    }
    return this.put32(done, total);
  }

  write(fd, vectors, count, done, from) {
    const held = this.open[fd];
    if (!held || held.node.kind === FOLDER) return BADF;
    const { node } = held;
    if (node.readonly) return ROFS;
    let at = from !== undefined ? Number(from) : held.append ? node.size : held.at, total = 0;
    for (const [place, size] of this.vectors(vectors, count)) {
      const chunk = this.part(place, size);
      if (node.kind === DEVICE) node.take(chunk);
      else if (!this.files.write(node, at, chunk)) return NOSPC;
      at += size; total += size;
    }
    if (from === undefined) held.at = at;
    return this.put32(done, total);
  }

  seek(fd, offset, whence, done) {
    const held = this.open[fd];
    if (!held) return BADF;
    if (held.node.kind !== FILE) return SPIPE;
    const at = [0, held.at, held.node.size][whence] + Number(offset);
    if (!(at >= 0)) return INVAL;
    held.at = at;
    return this.put64(done, at);
  }

  list(fd, to, size, cookie, done) {
    const held = this.open[fd];
    if (!held) return BADF;
    if (held.node.kind !== FOLDER) return NOTDIR;
    const all = [[".", held.node], ["..", held.node], ...held.node.held];
    let used = 0;
    for (let one = Number(cookie); one < all.length && used < size; one++) {
      const [name, node] = all[one], letters = this.bytes.encode(name);
      const entry = new Uint8Array(24 + letters.length), view = new DataView(entry.buffer);
      view.setBigUint64(0, BigInt(one + 1), true);
      view.setBigUint64(8, node.number, true);
      view.setUint32(16, letters.length, true);
      view.setUint8(20, node.kind);
      entry.set(letters, 24);
      const some = entry.subarray(0, size - used);
      this.part(to + used, some.length).set(some);
      used += some.length;
    }
    return this.put32(done, used);
  }

  openPath(fd, path, size, how, rights, flags, done) {
    const found = this.find(fd, path, size);
    if (typeof found === "number") return found;
    const [create, folder, exclusive, cut] = [1, 2, 4, 8].map((bit) => (how & bit) !== 0);
    const writes = (BigInt(rights) & 64n) !== 0n;
    let { node } = found;
    if (!node) {
      if (!create) return NOENT;
      if (folder) return INVAL;
      if (found.folder === this.files.folder("/dev")) return ACCES;
      node = new File(new Uint8Array(0), false);
      found.folder.held.set(found.name, node);
    } else if (create && exclusive) return EXIST;
    if (folder && node.kind !== FOLDER) return NOTDIR;
    if (writes && node.kind === FOLDER) return ISDIR;
    if ((writes || cut) && node.readonly) return ROFS;
    if (cut && node.kind === FILE) node.size = 0;
    let number = 4;
    while (this.open[number]) number++;
    this.open[number] = { node, at: 0, append: (flags & 1) !== 0 };
    return this.put32(done, number);
  }

  removePath(fd, path, size, kind) {
    const found = this.find(fd, path, size);
    if (typeof found === "number") return found;
    if (!found.node) return NOENT;
    if (!found.folder || found.node.kind === DEVICE) return ACCES;
    if (found.node.kind !== kind) return kind === FOLDER ? NOTDIR : ISDIR;
    if (kind === FOLDER && found.node.held.size) return NOTEMPTY;
    this.files.remove(found);
    return OK;
  }

  rename(fd, path, size, toFd, toPath, toSize) {
    const from = this.find(fd, path, size), to = this.find(toFd, toPath, toSize);
    for (const found of [from, to]) if (typeof found === "number") return found;
    if (!from.node) return NOENT;
    if (!from.folder || !to.folder || from.node.kind === DEVICE) return ACCES;
    if (to.node && to.node !== from.node) {
      if (to.node.kind === FOLDER && to.node.held.size) return NOTEMPTY;
      this.files.remove(to);
    }
    from.folder.held.delete(from.name);
    to.folder.held.set(to.name, from.node);
    return OK;
  }

  resize(fd, size) {
    const held = this.open[fd], wanted = Number(size);
    if (!held || held.node.kind !== FILE) return BADF;
    const { node } = held;
    if (node.readonly) return ROFS;
    if (wanted > node.size && !this.files.write(node, wanted, new Uint8Array(0))) return NOSPC;
    if (wanted < node.size) node.data.fill(0, wanted, node.size);
    node.size = wanted;
    return OK;
  }

  /** Wait for the first of several things: only clocks take time here. */
  poll(waits, events, count, done) {
    let first = waits, shortest = Infinity;
    for (let one = 0; one < count; one++) {
      const at = waits + 48 * one;
      let left = 0;
      if (this.view.getUint8(at + 8) === 0) {
        const until = this.view.getBigUint64(at + 24, true), absolute = this.view.getUint16(at + 40, true) & 1;
        left = Number(absolute ? until - this.nanoseconds(this.get32(at + 16)) : until) / 1e6;
      }
      if (left < shortest) { shortest = left; first = at; }
    }
    if (shortest > 0) { this.idle(); this.sleep(shortest); }
    this.part(events, 32).fill(0);
    this.view.setBigUint64(events, this.view.getBigUint64(first, true), true);
    this.view.setUint8(events + 10, this.view.getUint8(first + 8));
    return this.put32(done, 1);
  }

  sleep(milliseconds) {
    const until = performance.now() + milliseconds;
    try {
      // Memory that could be shared is the one thing that a worker can wait at.
      this.bed ||= new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
      Atomics.wait(this.bed, 0, 0, milliseconds);
    } catch { /* where there is none, the clock is watched */ }
    while (performance.now() < until);
  }

  lengths(name, count, size) {
    const all = this.lists[name].map((one) => this.bytes.encode(one).length + 1);
    this.put32(count, all.length);
    return this.put32(size, all.reduce((sum, one) => sum + one, 0));
  }

  strings(name, places, to) {
    for (const one of this.lists[name]) {
      const letters = this.bytes.encode(`${one}\0`);
      this.put32(places, to);
      this.part(to, letters.length).set(letters);
      places += 4; to += letters.length;
    }
    return OK;
  }

  imports() {
    const known = (fd, answer) => (this.open[fd] ? answer(this.open[fd]) : BADF);
    const fine = () => OK, refused = () => NOTSUP;
    const wasi = {
      args_sizes_get: (count, size) => this.lengths("args", count, size),
      args_get: (places, to) => this.strings("args", places, to),
      environ_sizes_get: (count, size) => this.lengths("environ", count, size),
      environ_get: (places, to) => this.strings("environ", places, to),
      clock_res_get: (clock, to) => this.put64(to, 1000),
      clock_time_get: (clock, precision, to) => this.put64(to, this.nanoseconds(clock)),
      random_get: (to, size) => {
        for (let at = 0; at < size; at += 65536) {
          const some = crypto.getRandomValues(new Uint8Array(Math.min(65536, size - at)));
          this.part(to + at, some.length).set(some);
        }
        return OK;
      },
      poll_oneoff: (waits, events, count, done) => this.poll(waits, events, count, done),
      proc_exit: (code) => { throw new Ended(`exit code ${code}`); },
      sched_yield: fine,
      // Of folders that are open from the beginning there is one, the root.
      fd_prestat_get: (fd, to) => (fd === 3 ? (this.put32(to, 0), this.put32(to + 4, 1)) : BADF),
      fd_prestat_dir_name: (fd, to) => { this.view.setUint8(to, 47); return fd === 3 ? OK : BADF; },
      fd_fdstat_get: (fd, to) => known(fd, ({ node, append }) => {
        this.part(to, 24).fill(0);
        this.view.setUint8(to, node.kind);
        this.view.setUint16(to + 2, append ? 1 : 0, true);
        this.put64(to + 8, 0x1fffffff);
        return this.put64(to + 16, 0x1fffffff);
      }),
      fd_fdstat_set_flags: (fd) => known(fd, fine),
      fd_filestat_get: (fd, to) => known(fd, ({ node }) => this.describe(to, node)),
      fd_filestat_set_size: (fd, size) => this.resize(fd, size),
      fd_close: (fd) => known(fd, () => { if (fd > 3) this.open[fd] = undefined; return OK; }),
      fd_read: (fd, vectors, count, done) => this.read(fd, vectors, count, done),
      fd_pread: (fd, vectors, count, at, done) => this.read(fd, vectors, count, done, at),
      fd_write: (fd, vectors, count, done) => this.write(fd, vectors, count, done),
      fd_pwrite: (fd, vectors, count, at, done) => this.write(fd, vectors, count, done, at),
      fd_seek: (fd, offset, whence, done) => this.seek(fd, offset, whence, done),
      fd_tell: (fd, done) => this.seek(fd, 0, 1, done),
      fd_readdir: (fd, to, size, cookie, done) => this.list(fd, to, size, cookie, done),
      path_open: (fd, _, path, size, how, rights, __, flags, done) =>
        this.openPath(fd, path, size, how, rights, flags, done),
      path_filestat_get: (fd, _, path, size, to) => {
        const found = this.find(fd, path, size);
        if (typeof found === "number") return found;
        return found.node ? this.describe(to, found.node) : NOENT;
      },
      path_create_directory: (fd, path, size) => {
        const found = this.find(fd, path, size);
        if (typeof found === "number") return found;
        if (found.node) return EXIST;
        found.folder.held.set(found.name, new Folder());
        return OK;
      },
      path_remove_directory: (fd, path, size) => this.removePath(fd, path, size, FOLDER),
      path_unlink_file: (fd, path, size) => this.removePath(fd, path, size, FILE),
      path_rename: (...all) => this.rename(...all),
      path_readlink: () => INVAL,
    };
    for (const name of ["fd_advise", "fd_sync", "fd_datasync", "fd_filestat_set_times", "path_filestat_set_times"])
      wasi[name] = fine;
    for (const name of ["path_symlink", "path_link", "sock_accept", "sock_recv", "sock_send", "sock_shutdown"])
      wasi[name] = refused;
    // The interpreter's own way to call its host: there is nothing to call.
    return { wasi_snapshot_preview1: wasi, host: { call: () => -1 } };
  }
}

/** An interpreter that keeps its state from one turn to the next. */
class Interpreter {
  constructor(system) { this.system = system; }

  /** Begin: anew, or where the memory of another one stood between two turns. */
  async begin(module, memory) {
    const { exports } = await WebAssembly.instantiate(module, this.system.imports());
    this.exports = exports;
    this.system.bind(exports);
    if (!memory) return exports._initialize();
    const missing = memory.byteLength - exports.memory.buffer.byteLength;
    if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(exports.memory.buffer).set(new Uint8Array(memory));
  }

  /** Run a few lines of Python; 0 if they ended well. */
  turn(code) {
    const letters = this.system.bytes.encode(code), place = this.exports.host_alloc(letters.length) >>> 0;
    if (!place) throw new RangeError("no memory is left for the code");
    this.system.part(place, letters.length).set(letters);
    return this.exports.turn(place, letters.length);
  }

  /** Bytes of its memory. */
  get size() { return this.exports.memory.buffer.byteLength; }

  /** A copy of its memory, from which another one can begin. */
  image() { return this.exports.memory.buffer.slice(0); }
}
