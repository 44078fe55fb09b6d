/** `sys.exit()` and `sys.exit(0)` end a script that has nothing more to do; with any other code it has failed. */
export function isGoodEnd({ type, message }: { readonly type: string; readonly message: string }): boolean {
  return type === 'SystemExit' && ['', '0', 'None', 'False'].includes(message)
}
