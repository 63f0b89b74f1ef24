# A file of many people: why it cannot be used, and what to do.

roster-column = column { $letters } “{ $header }”
roster-column-unnamed = column { $letters } without a header
roster-quoted = “{ $name }”
roster-tab = a tab
roster-ignored = Columns that are not used: { $columns }.
roster-unread-sheets = Sheets that are not read: { $sheets }.

# Headers by which a column is known
roster-header-full-name = Full name
roster-header-last-name = Last name
roster-header-first-name = First name
roster-header-middle-name = Middle name
roster-header-email = Email
roster-header-external-id = Employee ID
roster-header-phone = Phone
roster-header-title = Job title
roster-header-department = Department
roster-header-role = Role
roster-header-left-on = Termination date
roster-header-has-left = Terminated
roster-header-active = Active
roster-header-status = Status

# The file as a whole
roster-export-again = Export the file again from the program that it comes from: as .xlsx, or as CSV in UTF-8.
roster-one-person-hint = One person is brought in by another command: kadry onboard { $path }{ $options }
roster-too-large = { $path } is too large to be a list of people.
roster-too-large-hint = Put the table of people alone into a new file, .xlsx or CSV, and name that one.
roster-not-a-table = No people can be read from { $path }: it is { $what ->
    [html] a web page
    [mht] a web page
    [spreadsheet-xml] a table in an old form of XML
    [xml] data in XML
    [json] data in JSON
    [pdf] a PDF
    [document] a text document
    [archive] an archive
    [old-excel] a table of a form so old that it is not read any more
   *[other] neither text nor a table
}.
roster-not-a-table-hint = { $what ->
    [html] Open it in a spreadsheet program and save it as .xlsx.
    [mht] Open it in a spreadsheet program and save it as .xlsx.
    [spreadsheet-xml] Open it in a spreadsheet program and save it as .xlsx.
    [old-excel] Open it in a spreadsheet program and save it as .xlsx.
    [archive] Unpack it and name the file that is inside.
   *[other] { roster-export-again }
}
roster-password = { $path } is protected by a password.
roster-password-hint = Open it, remove the password, save it, and type the same command again.
roster-damaged = { $path } is damaged or breaks off: the table in it does not open.
roster-damaged-hint = Copy or export it again. If a spreadsheet program opens it, save it from there as .xlsx.
roster-cut-in-character = { $path }, line { $line }, character { $character }: the file breaks off inside a letter.
roster-cut-in-character-hint = It seems that not all of it was copied or exported. { roster-export-again }
roster-cut-in-quotes = { $path }, line { $line }, character { $character }: a quotation mark opens here and is not closed until the file ends.
roster-cut-in-quotes-hint = Either the file breaks off, or a quotation mark is missing here. { roster-export-again }
roster-cut-in-record = { $path }, line { $line }: the file breaks off. Cells in the last line: { $found }, in the header: { $expected }.
roster-cut-in-record-hint = It seems that not all of it was copied or exported. { roster-export-again }
roster-nul = { $path }, line { $line }, character { $character }: a zero byte stands here, which no text has.
roster-nul-hint = { roster-export-again }
roster-garbled = { $path }, line { $line }, character { $character }: { $how ->
    [lost] “�” stands in place of a letter, which is lost
    [control] an invisible control character stands here, which no text has
    [twice-encoded] other letters stand in place of the right ones: the file was opened in a wrong encoding and saved like that
   *[unknown-encoding] the letters cannot be read, the encoding is neither UTF-8 nor Windows-1251
}.
roster-garbled-hint = { $how ->
    [unknown-encoding] Save the file as .xlsx, or as CSV in UTF-8.
   *[other] What is lost cannot be got back from this file. { roster-export-again }
}
roster-bad-quote = { $path }, line { $line }, character { $character }: a quotation mark has closed the cell, and the text goes on.
roster-bad-quote-hint = Inside a cell a quotation mark is written twice: "". It is easier to save the file as .xlsx.
roster-ambiguous-delimiter = { $path }: both “{ $one }” and “{ $other }” may separate the columns.
roster-ambiguous-delimiter-hint = Put sep={ $one } into a first line of its own, or save the file as .xlsx.
roster-blank = There is nothing in { $path }.
roster-blank-hint = Export it again. A hidden sheet is read only if it is named: --sheet NAME
roster-no-header = { $path } has no line with the headers of the columns, at least not among the first 50.
roster-no-header-hint = Write headers above the list: Full name, Email, Employee ID, Department, Job title. With --preset they must be exactly those of the preset.
roster-column-twice = { $path }, line { $line }: { $first } and { $second } are both read as “{ $header }”.
roster-column-twice-hint = { $meaning ->
    [email] Take one of them out. To tell addresses apart, call the columns “Work email” and “Personal email”.
    [phone] Take one of them out. To tell numbers apart, call the columns “Work phone” and “Personal phone”.
   *[other] Take one of them out.
}
roster-near-header = { $path }, line { $line }: { $column } looks like “{ $header }”, but is spelt otherwise.
roster-near-header-hint = Correct the header to “{ $header }”. If the column holds something else, give it another name.
roster-no-key-column = { $path }, line { $line }: no column holds e-mails or external ids, so that people cannot be told apart.
roster-no-key-column-hint = Add a column “Email” or “Employee ID”. A personal e-mail will not do.
roster-no-name-column = { $path }, line { $line }: no columns hold the names.
roster-no-name-column-hint = Needed are the columns “Last name” and “First name”, or one column “Full name”.
roster-preset-columns = { $path }, line { $line }: the columns are not those of the preset.{ $lacks ->
    [0] {""}
   *[other] {" "}Missing: { $missing }.
}{ $exceeds ->
    [0] {""}
   *[other] {" "}Too many: { $extra }.
}
roster-preset-columns-hint = Leave exactly the columns of the preset, or leave out --preset: then the columns are known by their headers.
roster-several-sheets = { $path }: several sheets are lists of people: { $names }.
roster-several-sheets-hint = Say which one to read: --sheet "{ $name }"
roster-no-such-sheet = { $path } has no sheet “{ $asked }”.
roster-no-such-sheet-hint = Its sheets: { $names }.
roster-no-sheets = { $path } has no sheets, so that --sheet has nothing to choose from.
roster-no-sheets-hint = Leave out --sheet.
roster-nobody = Nobody stands under the headers of { $path }.
roster-nobody-hint = { roster-export-again }
roster-header-again = { $path }, line { $line }: more headers stand here. It seems that two lists were put into one file.
roster-header-again-hint = Make one table of them, with one line of headers.
roster-total-differs = { $path }, line { $line }: { $said } people are announced here, and { $read } stand above.
roster-total-differs-hint = If anybody is missing, export the file again. If all are there, delete this line.
roster-columns-swapped = { $path }: { $last } and { $first } seem to be swapped: first names stand where last names should.
roster-columns-swapped-hint = Swap the two headers.

# A single cell or a single line. The column is named before these words.
cell-at = { $column }: { $fault }
cell-no-key = there is neither an e-mail nor an external id. Fill in at least one of them.
cell-no-name = the last or the first name is missing. Fill in both.
cell-too-many-cells = cells in this line: { $found }, in the header: { $expected }. Perhaps the character that separates the columns stands inside a cell: put that cell in quotation marks, or save the file as .xlsx.
cell-too-few-cells = cells in this line: { $found }, in the header: { $expected }. Perhaps a new line begins inside a cell: put that cell in quotation marks, or save the file as .xlsx.
cell-unheaded = a value stands here, so perhaps the values of this line have slipped. Put them back into their places, or give the column a header.
cell-perhaps-cut = the file breaks off in this cell, which may be incomplete. If it is complete, end the line behind it, otherwise export the file again.
cell-same-as = the same value stands in line { $line } already. Take one of the two lines out, or correct the value.
cell-error-value = the error { $said } of the spreadsheet stands in place of a value. Correct the formula, or write the value itself.
cell-formula = there is a formula, and the file does not have its value. Write the value itself.
cell-merged = the cell is merged with another one, so that nobody can tell whose value it is. Split the cells and fill in each.
cell-boolean = there is true or false where text is needed. Write the text itself.
cell-date-here = there is a date where text is needed. Format the cell as text and write the value again.
cell-placeholder = there is “{ $said }” in place of a value. Write the value, or leave the cell empty.
cell-letters-lost = question marks stand in place of letters. Write the value again, or export the file again in UTF-8.
cell-scientific = the number is shortened, as in 7.9E+10, and some of its digits are lost. Format the column as text and write the whole number.
cell-not-whole = the number has a fraction or is negative. Format the cell as text and write the digits alone.
cell-digits-lost = the number has more than 15 digits, and a spreadsheet does not keep the last ones. Format the column as text and write the number again.
cell-zeros-lost = other ids are longer, and this one may have lost its leading zeros. Format the column as text and write the id with its zeros, such as 00042.
cell-format-unseen = this number does not show whether it had leading zeros. Save the file as .xlsx, or format the column as text and write the ids again.
cell-shown-otherwise = the spreadsheet shows this number as another one than it is. Format the cell as text and write the id again.
cell-not-an-id = there is a space too many in the id, or a character that no id has. Write it as it stands in the personnel system.
cell-not-an-email = this is no e-mail address. Write one such as anna@example.test.
cell-several = there are several values. Leave one.
cell-decorated = something stands around the address: a name, brackets or a link. Leave the address alone, such as anna@example.test.
cell-space-inside = there is a space inside the address. Take it out.
cell-mixed-alphabets = letters of different alphabets are mixed, such as a Cyrillic “с” and a Latin “c”. Write the value again: an address in Latin letters, a name in letters of one alphabet.
cell-not-a-phone = this is no phone number. Write one number without an extension, such as +7 000 000-00-01.
cell-not-a-date = the date cannot be understood, or in two ways. Write it like this: 2026-11-30 or 30.11.2026.
cell-not-in-a-name = the character “{ $said }” is out of place here. Leave the name alone, without digits, brackets or remarks.
cell-initials = there are initials where a name is needed. Write it in full.
cell-one-word = there is one word where both the last and the first name are needed. Write both.
cell-many-words = there are so many words that nobody can tell the last name, the first name and the patronymic apart. Put them into the columns “Last name”, “First name” and “Middle name”.
cell-swapped-names = the first name seems to stand in place of the last name. Put the last name first.
cell-order-unknown = nobody can tell which is the last name. Put a comma behind it: “Obraztsova, Anna”.
cell-patronymic = a patronymic stands where the last or the first name should. Put it in its place and fill in what is missing.
cell-names-differ = the name here is another one than in the columns of the last, first and middle name. Correct one of them.
