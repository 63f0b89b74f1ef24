# Completes kadry in fish: kadry completions fish | source
function __kadry_complete
    set -l typed (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor | string unescape)
    KADRY_COMPLETE=(count $typed) command kadry -- $typed "$current" 2>/dev/null
end
complete --command kadry --no-files --keep-order --arguments '(__kadry_complete)'
