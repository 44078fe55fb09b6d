/**
 * Words of MySQL whose case is only a manner of writing. A word that is not here keeps its case in the checksum: it may
 * be a name, and names can be told apart by case.
 */
export const mysqlKeywords: ReadonlySet<string> = new Set(
  `
add after all alter analyze and any as asc auto_increment before begin between bigint binary blob bool boolean
both btree by call cascade case cast change char character charset check checksum collate collation column
columns comment commit concat constraint convert count create cross current_date current_time current_timestamp
current_user cursor database databases date datetime day dec decimal declare default definer delayed delete
delimiter desc describe deterministic distinct distinctrow div do double drop dual duplicate each else elseif
enclosed end engine enum escape escaped event events every execute exists exit explain false fetch first float
flush for force foreign from full fulltext function generated global grant group handler hash having hour if
ignore in index infile inner innodb inout insert int integer interval into invoker is iterate join json key keys
kill leading leave left like limit linear lines load local lock longblob longtext loop match max mediumblob
mediumint mediumtext min minute mod modifies modify month natural new next no not now null numeric of offset old
on optimize option or order out outer over partition partitions precision prepare primary procedure range read
reads real recursive references regexp release rename repeat replace require resignal restrict return returns
revoke rlike rollback row row_format rows schema schemas second security select separator session set show
signal signed smallint spatial sql start starting stored straight_join sum table tables temporary terminated
text then time timestamp tinyblob tinyint tinytext to trailing transaction trigger triggers true truncate undo
union unique unlock unsigned until update usage use using utf8 utf8mb4 values varbinary varchar varying view
virtual when where while window with work write xor year zerofill
`
    .trim()
    .split(/\s+/),
)
