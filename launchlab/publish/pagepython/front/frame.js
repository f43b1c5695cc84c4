/* The frame in which Python's worker lives: it has no origin, so none of this site's storage, and its
 * policy allows no connection; the worker inherits both. It keeps what another worker begins with. */
"use strict";
let worker = null, parts = null, module = null, memory = null, source = "";

async function begin(port) {
  module ||= await WebAssembly.compileStreaming(
    new Response(parts.python, { headers: { "content-type": "application/wasm" } }));
  source ||= URL.createObjectURL(parts.host);
  worker = new Worker(source);
  worker.onerror = (error) => parent.postMessage({ crashed: error.message || "the worker has ended" }, "*");
  worker.onmessage = ({ data }) => {
    memory = new Blob([data.image]);
    parent.postMessage({ memory }, "*");
  };
  worker.postMessage({ module, library: parts.library, course: parts.course, memory }, [port]);
}

addEventListener("message", ({ data, ports, source: from }) => {
  if (from !== parent) return;
  parent.postMessage({ heard: true }, "*");
  if (data.parts) { ({ parts, memory } = data); }
  if (worker) { worker.terminate(); worker = null; }
  if (ports.length) begin(ports[0]).catch((error) => parent.postMessage({ crashed: String(error) }, "*"));
});
parent.postMessage({ frame: true }, "*");
