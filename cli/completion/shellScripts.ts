/** The shells that have a completion script. */
export const completedShells = ["bash", "zsh", "fish"] as const;
export type CompletedShell = (typeof completedShells)[number];

const bashScript = `# completion of mixcpt for bash: put this into ~/.bashrc
#   source <(/path/to/the/checkout/mixcpt completion bash)
_mixcpt() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]/#\\~/$HOME}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _mixcpt mixcpt
`;

const zshScript = `#compdef mixcpt
# completion of mixcpt for zsh: put this into ~/.zshrc, after compinit
#   source <(/path/to/the/checkout/mixcpt completion zsh)
_mixcpt() {
  local -a candidates
  candidates=(\${(f)"$(\${~words[1]} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#candidates} )); then compadd -a candidates; else _files; fi
}
compdef _mixcpt mixcpt
`;

const fishScript = `# completion of mixcpt for fish: put this into ~/.config/fish/config.fish
#   /path/to/the/checkout/mixcpt completion fish | source
function __mixcpt_complete
  set -l words (commandline -opc)
  set -l program (string replace -r '^~' $HOME $words[1])
  $program complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c mixcpt -f -a '(__mixcpt_complete)'
complete -c mixcpt -l out -r -F
`;

const completionScripts: Readonly<Record<CompletedShell, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Returns a script that asks `mixcpt complete` for the words that may come next. */
export function getShellScript(shell: CompletedShell): string {
  return completionScripts[shell];
}
