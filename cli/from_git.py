"""What people who know git type, and what it is called here: read only when it was typed."""

from __future__ import annotations

_STAGE = (
    "there is no staging area: `pyvcs commit` records what is there, `pyvcs commit PATH` a part"
)
_STAGED = "there is no staging area, so leave it out: a commit records what `pyvcs diff` shows"
_ABORT = "nothing is in the middle of anything: `pyvcs undo` takes the last command back"
_CONTINUE = "nothing is in the middle of anything: `pyvcs commit` records what you resolved"
_NEVER_REWRITTEN = "commits are only added, never rewritten: others may have them"
_ONE_FILE = (
    "write the commits to a file: `pyvcs bundle create FILE BRANCH`, `pyvcs bundle apply FILE`"
)
_WHOLE = "a replica has all files and all of the history"

COMMANDS = {
    "add": _STAGE,
    "am": _ONE_FILE,
    "annotate": "it is called `pyvcs blame PATH`",
    "apply": "`pyvcs diff --text A B` prints what `patch -p1` applies",
    "cat-file": "`pyvcs cat OID` and `pyvcs cat REV:PATH` print what is stored",
    "checkout": "`pyvcs switch BRANCH` goes there, `pyvcs restore PATH` brings files back",
    "cherry": "`pyvcs log main..topic` lists what main does not have",
    "citool": "`pyvcs commit` opens your editor",
    "clean": "`pyvcs status` lists new files; `pyvcs restore PATH` removes one that is named",
    "count-objects": "`pyvcs gc` says how much is stored",
    "daemon": "`pyvcs serve --http HOST:PORT` lets others sync",
    "describe": "`pyvcs log -n 1` shows branches and tags; an oid is a name everywhere",
    "difftool": "`pyvcs cat REV:PATH` prints one side for any tool",
    "fast-export": "`pyvcs git export FOLDER` writes a repository of git",
    "fast-import": "`pyvcs git import SOURCE FOLDER` reads a repository of git",
    "fetch": "`pyvcs sync --pull --no-merge` takes in what a remote has, and moves no file",
    "filter-branch": _NEVER_REWRITTEN,
    "filter-repo": _NEVER_REWRITTEN,
    "for-each-ref": "`pyvcs branch` and `pyvcs tag` list them, with --json for scripts",
    "format-patch": _ONE_FILE,
    "gui": "`pyvcs log --graph` draws the history in a terminal",
    "hash-object": "`pyvcs commit` stores files; `pyvcs cat OID` prints one",
    "instaweb": "`pyvcs log --graph` draws the history in a terminal",
    "lfs": "large files need nothing: they are stored in chunks",
    "ls-files": "`pyvcs cat REV:FOLDER` lists what is in a folder of a commit",
    "ls-remote": "a sync is cheap: `pyvcs sync --pull`",
    "ls-tree": "`pyvcs cat REV:FOLDER` lists what is in a folder of a commit",
    "maintenance": "`pyvcs gc` packs; commands that find many packs do it by themselves",
    "mergetool": "`pyvcs resolve PATH --tool CMD` runs a merge tool on a conflict",
    "notes": "write it into a file of the tree, or into the next commit",
    "prune": "`pyvcs gc --prune` removes what nothing reaches",
    "pull": "`pyvcs sync` takes in and gives; `pyvcs sync --pull` only takes in",
    "push": "`pyvcs sync` gives and takes in; `pyvcs sync --push` only gives",
    "range-diff": "`pyvcs log -p` shows what each commit changed",
    "rebase": "nothing is rewritten: `pyvcs merge main` brings a branch up to date,"
    " `pyvcs cherry-pick` copies commits",
    "reflog": "`pyvcs op log` lists every operation, `main@{1}` is where main was before",
    "repack": "`pyvcs gc` packs",
    "replace": _NEVER_REWRITTEN,
    "request-pull": "`pyvcs bundle create FILE BRANCH --since main` writes it to a file to send",
    "rerere": "it is always on: a conflict met again is settled as before, and you are told",
    "reset": "`pyvcs undo` takes back the last commit or other command,"
    " `pyvcs restore PATH` brings files back",
    "rev-list": "`pyvcs log --json` lists commits for scripts",
    "save": _STAGE,
    "shortlog": "`pyvcs log --json` lists commits for scripts",
    "show-branch": "`pyvcs log --graph --all` draws all branches",
    "show-ref": "`pyvcs branch` and `pyvcs tag` list them, with --json for scripts",
    "sparse-checkout": _WHOLE,
    "stage": _STAGE,
    "stash": "put it on a branch: `pyvcs switch -c later`, `pyvcs commit -m wip`, `pyvcs switch -`;"
    " and then `pyvcs cherry-pick later`",
    "submodule": "a folder that is a repository itself is left out of commits",
    "subtree": "a folder that is a repository itself is left out of commits",
    "symbolic-ref": "`pyvcs switch BRANCH` moves HEAD",
    "update-ref": "`pyvcs branch`, `pyvcs tag` and `pyvcs op restore` move refs",
    "verify-pack": "`pyvcs fsck` checks every object",
    "version": "`pyvcs --version` prints it",
    "whatchanged": "`pyvcs log --stat` shows what each commit changed",
    "worktree": "`pyvcs clone . ../other` makes a replica beside this one; `pyvcs sync` keeps step",
}
"""Commands of git that are not here, each with a sentence on what to type."""

_BLANKS = "leave it out: blanks count, but a JSON document is compared by its values"

OPTIONS = {
    ("branch", "-D"): "`-d` deletes it; `pyvcs undo` brings it back",
    ("branch", "-a"): "branches are the same on all replicas after a sync",
    ("branch", "--all"): "branches are the same on all replicas after a sync",
    ("branch", "-r"): "branches are the same on all replicas after a sync",
    ("branch", "--set-upstream-to"): "a branch needs no upstream: every sync is of all branches",
    ("branch", "-u"): "a branch needs no upstream: every sync is of all branches",
    ("cherry-pick", "--abort"): _ABORT,
    ("cherry-pick", "--continue"): _CONTINUE,
    ("clone", "--depth"): _WHOLE,
    ("clone", "--branch"): "clone, and then `pyvcs switch BRANCH`",
    ("clone", "-b"): "clone, and then `pyvcs switch BRANCH`",
    ("commit", "-a"): "leave it out: a commit records every change, and new files too",
    ("commit", "--all"): "leave it out: a commit records every change, and new files too",
    ("commit", "-p"): "a commit records whole files: name those that go in",
    ("commit", "--patch"): "a commit records whole files: name those that go in",
    ("commit", "--fixup"): "`--amend` puts it into the last commit, while that was not synced",
    ("commit", "-S"): "there are no signatures; every object is checked by its hash",
    ("diff", "--cached"): _STAGED,
    ("diff", "--staged"): _STAGED,
    ("diff", "-w"): _BLANKS,
    ("blame", "-w"): _BLANKS,
    ("grep", "-n"): "leave it out: the numbers of lines are always shown",
    ("log", "--follow"): "leave it out: paths are always followed through renames",
    ("log", "--format"): "`--json` has all of it, a commit a line",
    ("log", "--pretty"): "`--json` has all of it, a commit a line",
    ("log", "-G"): "`-S TEXT` finds where a text came and went, `pyvcs log -p` shows the changes",
    ("log", "--decorate"): "leave it out: branches and tags are always shown",
    ("log", "-L"): "`pyvcs blame -L FIRST,LAST PATH` says who set these lines",
    ("merge", "--abort"): _ABORT,
    ("merge", "--continue"): _CONTINUE,
    ("merge", "--no-ff"): "`-m MSG` makes a merge commit of your own",
    ("merge", "--squash"): "`pyvcs restore --from OTHER .` takes its files, without the commits",
    ("remote", "-v"): "`pyvcs remote` shows names and addresses",
    ("restore", "--source"): "it is called `--from REV`",
    ("restore", "-s"): "it is called `--from REV`",
    ("restore", "--staged"): _STAGED,
    ("restore", "--worktree"): "leave it out: there is nothing but the working tree",
    ("revert", "--abort"): _ABORT,
    ("revert", "--continue"): _CONTINUE,
    ("revert", "--no-edit"): "leave it out: no editor opens",
    ("rm", "--cached"): "there is no staging area, so a file that is here is recorded: remove and"
    " commit it, name it in .pyvcsignore, and `pyvcs restore --from HEAD~1 PATH` brings it back",
    ("switch", "--orphan"): "`pyvcs init` makes a history of its own",
    ("sync", "--force"): "nothing is ever refused for being behind",
    ("tag", "-a"): "leave it out: `-m MSG` makes an annotated tag",
    ("tag", "-n"): "`pyvcs tag --json` has the messages",
    ("tag", "-s"): "there are no signatures; every object is checked by its hash",
}
"""Options of git that commands of the same name do not have here."""
