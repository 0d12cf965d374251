@echo off
rem Runs Cogent from this checkout; builds it first where it is not built. After a change of the sources, delete
rem cogent-cli\target\app. Not tried on Windows yet: docs/install.md.
setlocal
set "here=%~dp0"
set "app=%here%cogent-cli\target\app"
if not defined JAVA_HOME (
  echo Cogent needs a JDK 25 or newer: install one ^(e.g. https://adoptium.net^) and set JAVA_HOME to its folder. 1>&2
  exit /b 1
)
if not exist "%app%\built" (
  echo building Cogent ^(once; it takes a few minutes on a fresh machine^) ... 1>&2
  pushd "%here%"
  call mvnw.cmd -q -B --no-transfer-progress -Dmaven.test.skip -Dspotless.check.skip -Djacoco.skip -pl cogent-cli -am package 1>&2
  if errorlevel 1 (
    popd
    echo cogent: the build failed, Maven says why above. Mend that and run the same command again. 1>&2
    exit /b 1
  )
  popd
  type nul >"%app%\built"
)
"%JAVA_HOME%\bin\java" "@%here%scripts\jvm.args" %COGENT_JAVA_OPTS% "-Dcogent.command=cogent" -cp "%app%\lib\*" cogent.cli.Main %*
