# Completes kadry in fish: kadry completions fish | source
function __kadry_complete
    set -l typed (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor | string unescape)
    set -l found (KADRY_COMPLETE=(count $typed) command kadry -- $typed "$current" 2>/dev/null)
    # fish quotes what it puts on the line, a tilde apart: only one that was typed stands for a home folder.
    string match --quiet -- '~*' "$current"
    or set found (string match --invert -- '~*' $found)
    string join -- \n $found
end
complete --command kadry --no-files --keep-order --arguments '(__kadry_complete)'
