import ts from "typescript";
import type { FileNames } from "./measure.ts";

/** Reads the functions, top-level names and doc comments of a TypeScript file. */
export function readTypeScript(path: string, text: string): FileNames {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return {
    path,
    functions: listFunctions(source),
    topLevel: listTopLevel(source),
    docs: listDocComments(text),
    lines: text.split("\n"),
  };
}

function listFunctions(source: ts.SourceFile): string[] {
  const names: string[] = [];
  const visitNode = (node: ts.Node): void => {
    const name = readFunctionName(node);
    if (name !== undefined) names.push(name);
    ts.forEachChild(node, visitNode);
  };
  visitNode(source);
  return names;
}

/** Returns the name of a function declaration, a method, or a variable or property that holds a function. */
function readFunctionName(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return readIdentifier(node.name);
  const holdsFunction =
    (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) && isFunction(node.initializer);
  return holdsFunction ? readIdentifier(node.name) : undefined;
}

function readIdentifier(name: ts.Node | undefined): string | undefined {
  return name !== undefined && ts.isIdentifier(name) ? name.text : undefined;
}

function isFunction(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
}

function listTopLevel(source: ts.SourceFile): string[] {
  return source.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => listBoundNames(name));
    const isDeclaration =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement);
    return isDeclaration && statement.name !== undefined ? [statement.name.text] : [];
  });
}

function listBoundNames(name: ts.BindingName): string[] {
  return ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isBindingElement(element) ? listBoundNames(element.name) : []));
}

function listDocComments(text: string): string[] {
  return [...text.matchAll(/\/\*\*\s*(?:\*\s*)?([^@/][\s\S]*?)\*\//g)].map(([, body = ""]) => body.trim());
}
