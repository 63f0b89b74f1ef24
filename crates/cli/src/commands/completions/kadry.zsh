#compdef kadry
# Completes kadry in zsh: source <(kadry completions zsh), after compinit
_kadry() {
    local line value
    local -a typed open closed
    typed=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")
    for line in "${(@f)$(KADRY_COMPLETE=$((CURRENT - 1)) command kadry -- "${typed[@]}" 2>/dev/null)}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        if [[ $value == *[:=/] ]]; then
            open+=("$value")
        else
            value=${value//\\/\\\\}
            value=${value//:/\\:}
            closed+=("$value:${line#*$'\t'}")
        fi
    done
    (($#open)) && compadd -S '' -- "${open[@]}"
    (($#closed)) && _describe -V value closed
}
if [[ ${funcstack[1]} == _kadry ]]; then
    _kadry "$@"
else
    compdef _kadry kadry
fi
