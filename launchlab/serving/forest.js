// A forest of scikit-learn's, unpacked and walked. Its twin in Python is launchlab/serving/forest.py.
globalThis.launchlabForest = (function () {
  "use strict";
  const LEAF = 255;
  let waiting = null;

  // the walk: these lines are the whole model
  function predict(forest, rows, at, trees) {
    const { roots, feature, value, right } = forest;
    let sum = 0;
    for (let tree = 0; tree < trees; tree += 1) {
      let node = roots[tree];
      while (feature[node] !== LEAF) {
        node = rows[at + feature[node]] <= value[node] ? node + 1 : right[node];
      }
      sum += value[node];
    }
    return sum / trees;
  }
  // the end of the walk

  /** Where each tree begins, and where each node's right branch does: it follows from the leaves. */
  function link(feature, trees) {
    const roots = new Int32Array(trees), right = new Int32Array(feature.length);
    const open = [];
    let node = 0;
    for (let tree = 0; tree < trees; tree += 1) {
      roots[tree] = node;
      do {
        if (feature[node] !== LEAF) open.push(node);
        else if (open.length) right[open.pop()] = node + 1;
        else { node += 1; break; }
        node += 1;
      } while (true);
    }
    return { roots, right };
  }

  async function unpack(head) {
    const small = Uint8Array.from(atob(head.packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([small]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = await new Response(stream).arrayBuffer();
    let at = 0;
    const take = (Kind, count) => {
      const end = at + count * Kind.BYTES_PER_ELEMENT, part = bytes.slice(at, end);
      at = end;
      return new Kind(part);
    };
    const feature = take(Uint8Array, head.nodes), value = take(Float32Array, head.nodes);
    const rows = take(Float32Array, head.rows * head.features);
    const told = head.sizes.map(() => take(Float64Array, head.rows));
    return { ...head, packed: "", feature, value, rows, told, ...link(feature, head.trees) };
  }

  /** The largest difference between what is walked here and what scikit-learn said. */
  function difference(forest) {
    let most = 0;
    forest.sizes.forEach((trees, k) => {
      for (let row = 0; row < forest.told[k].length; row += 1) {
        const mine = predict(forest, forest.rows, row * forest.features, trees);
        most = Math.max(most, Math.abs(mine - forest.told[k][row]));
      }
    });
    return most;
  }

  /** Load a forest from an address; it calls `take` when it is there. */
  function load(address) {
    return new Promise((resolve, reject) => {
      waiting = resolve;
      const element = document.createElement("script");
      element.src = address;
      element.onerror = () => { element.remove(); reject(new Error("not loaded")); };
      document.head.append(element);
    }).then(unpack);
  }

  return { predict, unpack, difference, load, take: (head) => waiting(head) };
})();
