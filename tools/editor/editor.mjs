/* The editor of a code cell: CodeMirror with Python's grammar, and nothing that takes the Tab key,
   so that who moves through the page by keyboard gets out of it again. Colours are the style
   sheet's (`tok-…`). */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting,
} from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/**
 * Put an editor into an element.
 *
 * `attributes` go to what has the focus: its name and its description. `run` is called by
 * Ctrl+Enter and Shift+Enter, `changed` with the text at each change.
 */
function create({ parent, text, attributes, run, changed }) {
  const act = () => { run(); return true; };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Mod-Enter", run: act },
          { key: "Ctrl-Enter", run: act },
          { key: "Shift-Enter", run: act },
        ]),
        history(),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        new LanguageSupport(pythonLanguage),
        indentUnit.of("    "),
        indentOnInput(),
        bracketMatching(),
        syntaxHighlighting(classHighlighter),
        EditorState.tabSize.of(4),
        EditorView.contentAttributes.of({ spellcheck: "false", ...attributes }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    get text() { return view.state.doc.toString(); },
    set text(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    focus() { view.focus(); },
    destroy() { view.destroy(); },
  };
}

globalThis.launchlabEditor = { create };
