import ts from 'typescript';

/** A sentence of the source that sets French marks with an ordinary space, at which a line may break. */
export interface SpacedMark {
  line: number;
  sentence: string;
}

const FRENCH = /[àâçéèêëîïôùûœ’«]/i;
// What is spaced so is French: English leaves no space there, SQL and paths none after.
const MARKS = /(?<=\S) [:;!»](?=\s|[.,)]|$)|« /;
const FRENCH_MARKS = /(?<=\S) [?%](?=\s|[.,)]|$)/;

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('');
}

/** Sentences of a TypeScript source that want a no-break space (U+00A0) before a mark, or after an opening quotation mark. */
export function spacedMarks(source: string): SpacedMark[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: SpacedMark[] = [];
  function visit(node: ts.Node): void {
    const sentence = textOf(node);
    if (
      sentence !== undefined &&
      (MARKS.test(sentence) || (FRENCH.test(sentence) && FRENCH_MARKS.test(sentence)))
    )
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, sentence });
    ts.forEachChild(node, visit);
  }
  visit(file);
  return found;
}
