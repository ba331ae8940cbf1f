      *  BORROWERS, NIGHTLY UNLOAD (VARIABLE RECORDS, CCSID 1388)
       01  BORROWER.
           05  BORROWER-ID          PIC X(11).
           05  BORROWER-KIND        PIC X.
               88  PERSON           VALUE 'P'.
               88  COMPANY          VALUE 'C'.
           05  NAME                 PIC X(60).
           05  PAPER-DATA.
               10  PAPER            PIC X(4).
               10  PAPER-NO         PIC X(20).
           05  BORN                 PIC 9(8).
           05  BORN-PARTS REDEFINES BORN.
               10  BORN-YEAR        PIC 9(4).
               10  BORN-MONTH       PIC 99.
               10  BORN-DAY         PIC 99.
           05  SEX                  PIC X.
           05  MOBILE               PIC X(20).
           05  ADDRESS-LINE         PIC X(120).
           05  OCCUPATION           PIC X(16).
           05  EMPLOYER             PIC X(60).
           05  YEARS-OF-SERVICE     PIC S9(3)      COMP-3.
           05  INCOME-YEAR          PIC S9(11)V99  COMP-3.
           05  FAMILY-ROLE          PIC X(8).
           05  FAMILY-SIZE          PIC 9(2).
           05  EDUCATION            PIC X(16).
           05  MARITAL              PIC X(8).
           05  SINCE                PIC 9(8).
           05  BRANCH               PIC X(6).
           05  INDUSTRY             PIC X(4).
