# The report that --report writes, and what stands in its way.

report-file-ending = “{ $path }”: the ending of the name says how the report is written, and this one says nothing.
report-file-ending-hint = For people --report report.html, for programs --report report.json. A command about many people also takes report.xlsx and report.csv.
report-file-no-folder = There is no folder { $folder } for the report.
report-file-is-folder = { $path } is a folder. Name the file of the report.
report-file-no-run = “{ $command }” does nothing to report on, so nothing was done.
report-file-no-run-hint = Leave --report out. These commands write a report: { $commands }.
report-file-one = “{ $path }”: a command about one person makes no table.
report-file-one-hint = Take .html or .json. These commands also take .csv and .xlsx: { $commands }.
report-file-in-use = { $path } is a file that the command itself reads or writes, and the report would replace it. Name another file.
report-file-lost-plan = The plan could not be written into { $path }: { $cause }. Nothing was changed on any platform.
report-file-lost = The report could not be written into { $path }: { $cause }. What was done stands.

page-title = { $flow ->
    [onboard] Onboarding
    [offboard] Offboarding
    [native] Operation
    [departments] Departments as in
    [transfer] Transfer of
    [undo] Undo for
    [import] Import of
    [reconcile] Reconciliation with
   *[other] { $flow }
} { $person }
page-title-plan = Plan: { $flow ->
    [onboard] onboarding
    [offboard] offboarding
    [native] operation
    [departments] departments as in
    [transfer] transfer of
    [undo] undo for
    [import] import of
    [reconcile] reconciliation with
   *[other] { $flow }
} { $person }
page-title-unknown = A command that did not begin
page-result-done = Everything is done, and it is proven: every platform was read after the last write, and nothing is left to do.
page-result-idle = Nothing was to do: every platform was read, and everything is as it should be.
page-result-residue = Everything planned is done, and something was seen that is still open or attached.
page-result-partial = Not everything is done or proven.
page-result-unread = Nothing was written, and it is not proven that nothing is to do.
page-result-failed = Nothing was done. What stands in the way is named below.
page-result-plan = This is a plan. Nothing was written.
page-result-plan-empty = Nothing is to do. Nothing was written.
page-result-plan-unseen = Nothing can be done now. Nothing was written.

page-organisation = Organisation
page-flow = What was asked for
page-person = Who it is about
page-file = The file
page-actor = Who asked
page-reason = Why
page-reason-none = no reason was given
page-began = Begun
page-ended = Ended
page-run = Run
page-command = Command
page-hint = What to do
page-again = To go on
page-exit = Exit code
page-exit-text = { $code } – { $meaning }
page-footer = Made by kadry { $version } at { $at }.

page-doors = Access, as it was read last
page-steps = Steps
page-steps-none = No step was needed.
page-steps-none-begun = No step was begun.
page-not-done = Not done
page-open = Still open or attached
page-not-taken-back = Not taken back, or not all of it
page-caveats = What can never be shown
page-notes = Remarks of the plan
page-column-record = On which record
page-column-record-new = a new one
page-column-when = When ({ $zone })
page-column-took = Took
page-column-fault = What went wrong
page-column-what = What
page-column-why = Why
page-column-advice = What to do

exit-0 = done, also when nothing was to do
exit-1 = failed or declined, nothing was changed
exit-2 = the command, the configuration or a file cannot be used
exit-3 = something asked for is not done, the rest is
exit-4 = reconcile --check or roles check found something that differs
exit-5 = refused, nothing was written
exit-6 = done, and something was seen that is still open
exit-70 = a fault of kadry itself

# Manual pages.
man-manual = Manual of kadry
man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-commands = COMMANDS
man-written = Manual pages in { $folder }: { $pages }.
