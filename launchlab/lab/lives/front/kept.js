/* The predictions that a reader's browser keeps, all under one key, for every lab of the book.
 *
 * localStorage["launchlab:predictions"] holds
 *   { "schema": 1, "predictions": { LAB'S NAME: RECORD, ... } }
 * and a record, as prediction.js writes it, has
 *   schema     the number of these rules, 1
 *   lab        the lab's name, its address in a page (#lab-NAME)
 *   question   its text
 *   setting    what was asked about: control name -> value; `words` says it as the controls do
 *   said       the reader's number, or the name of an option; null: the question was skipped
 *   truth      the right answer then, of the same kind
 *   unit       of both, with `tolerance`, within which a number is close
 *   sure       "guess", "fairly", "certain", or null
 *   book       version of the book that asked
 * That is all it takes to judge it: another page of the book needs no lab to list predictions.
 *
 * A later version reads them so: it looks at the store's schema first. Fields may be added under
 * the same number, and who does not know them leaves them alone. If one changes its meaning, the
 * number goes up, and the newer reader turns each older record into its own. Of a store with a
 * higher number than its own a version reads nothing and leaves it as it is; what is predicted then
 * is remembered until the page closes. So it is where the browser refuses to store anything.
 */
(function (root) {
  "use strict";
  const KEY = "launchlab:predictions";
  const { SCHEMA, SURE } = root.launchlabPrediction;
  const isObject = (thing) => typeof thing === "object" && thing !== null && !Array.isArray(thing);
  const own = (thing, name) => (Object.hasOwn(thing, name) ? thing[name] : undefined);
  let unstored = null;

  /** What is kept; `null` for the records where they are another version's. */
  function load() {
    if (unstored) return unstored;
    let found = null;
    try { found = JSON.parse(root.localStorage.getItem(KEY)); } catch (error) { /* none */ }
    if (isObject(found) && found.schema > SCHEMA) return { schema: found.schema, predictions: null };
    const sound = isObject(found) && found.schema === SCHEMA && isObject(found.predictions);
    return sound ? found : { schema: SCHEMA, predictions: {} };
  }

  function save(store) {
    if (!unstored) {
      try {
        root.localStorage.setItem(KEY, JSON.stringify(store));
        return;
      } catch (error) { /* blocked or full */ }
    }
    unstored = store;
  }

  /** Read what other pages may have written meanwhile, change it, and write it back. */
  function change(edit) {
    const store = load();
    const foreign = store.predictions === null;
    if (foreign) unstored = { schema: SCHEMA, predictions: {} };
    const kept = foreign ? unstored : store;
    edit(kept.predictions);
    save(kept);
  }

  function isRecord(record) {
    const plain = (value) => typeof value === "string" || Number.isFinite(value);
    return isObject(record) && record.schema === SCHEMA && typeof record.words === "string" &&
      plain(record.truth) && (record.said === null || typeof record.said === typeof record.truth) &&
      typeof record.unit === "string" && Number.isFinite(record.tolerance) &&
      (record.sure === null || Object.hasOwn(SURE, record.sure));
  }

  root.launchlabKept = {
    KEY,
    /** The record of a lab's prediction, or null. */
    find(lab) {
      const record = own(load().predictions || {}, lab);
      return isRecord(record) ? record : null;
    },
    /** Keep a record, in place of an earlier one of the same lab. */
    keep(record) { change((all) => { all[record.lab] = record; }); },
    /** Forget a lab's record. */
    forget(lab) { change((all) => { delete all[lab]; }); },
  };
})(globalThis);
