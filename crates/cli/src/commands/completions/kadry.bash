# Completes kadry in bash: source <(kadry completions bash)
_kadry() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word= quote= begun= char i
    # bash itself splits words at ":" and "=" too, which kadry does not.
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if [[ $char == "$quote" ]]; then
            quote=
        elif [[ $char == \\ && $quote != "'" ]]; then
            ((++i))
            word+=${line:i:1} begun=1
        elif [[ -n $quote ]]; then
            word+=$char
        elif [[ $char == [\"\'] ]]; then
            quote=$char begun=1
        elif [[ $char == [[:space:]] ]]; then
            [[ -n $begun ]] && words+=("$word")
            word= begun=
        else
            word+=$char begun=1
        fi
    done
    words+=("$word")
    while ((${#words[@]} > 1)) && [[ ${words[0]} != "$1" ]]; do
        words=("${words[@]:1}")
    done
    words[0]=kadry

    # What stands before the last break stays as it is on the line.
    local kept=
    if [[ -z $quote ]]; then
        for char in : =; do
            if [[ $COMP_WORDBREAKS == *$char* && $word == *$char* ]]; then
                line=${word%"$char"*}$char
                ((${#line} > ${#kept})) && kept=$line
            fi
        done
    fi

    local found
    COMPREPLY=()
    compopt +o nospace 2>/dev/null
    while IFS=$'\t' read -r found _; do
        [[ $found == *[:=/] ]] && compopt -o nospace 2>/dev/null
        found=${found#"$kept"}
        if [[ -z $quote && $found == *[[:space:]\"\'\`\\\$\&\|\;\<\>\(\)\*\?]* ]]; then
            printf -v found %q "$found"
        fi
        COMPREPLY+=("$found")
    done < <(KADRY_COMPLETE=$((${#words[@]} - 1)) command kadry -- "${words[@]}" 2>/dev/null)
}
complete -o nosort -F _kadry kadry 2>/dev/null || complete -F _kadry kadry
